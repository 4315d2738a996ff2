# SPDX-License-Identifier: Apache-2.0
# Takes a file from another process.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
number = {'x86_64': 434, 'aarch64': 434}[machine]
if libc.syscall(number, 1, 0) >= 0:
    print('ESCAPED')
