# SPDX-License-Identifier: Apache-2.0
# Makes a device.
import os, stat
os.mknod('/tmp/disk', stat.S_IFBLK | 0o666, os.makedev(8, 0))
print('ESCAPED')
