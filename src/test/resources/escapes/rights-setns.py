# SPDX-License-Identifier: Apache-2.0
# Enters another world.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
fd = os.open('/usr', os.O_RDONLY)
if libc.setns(fd, 0) == 0:
    print('ESCAPED')
