# SPDX-License-Identifier: Apache-2.0
# Reserves the disk.
import os
os.posix_fallocate(os.open('/tmp/x', os.O_CREAT | os.O_RDWR), 0, 1 << 30)
print('ESCAPED')
