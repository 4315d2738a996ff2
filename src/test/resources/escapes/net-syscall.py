# SPDX-License-Identifier: Apache-2.0
# Makes a socket without Python.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
number = {'x86_64': 41, 'aarch64': 198}[machine]
if libc.syscall(number, 2, 1, 0) >= 0:
    print('ESCAPED')
