# SPDX-License-Identifier: Apache-2.0
# Calls the kernel by numbers of another kind.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
if machine == 'x86_64':
    libc.syscall(0x40000000 | 39)
    print('ESCAPED')
