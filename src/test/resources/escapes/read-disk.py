# SPDX-License-Identifier: Apache-2.0
# Reads the disk.
import os
for name in ('sda', 'vda', 'nvme0n1', 'xvda', 'dm-0'):
    if os.path.exists('/dev/' + name):
        print('ESCAPED')
