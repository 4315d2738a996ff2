# SPDX-License-Identifier: Apache-2.0
# Takes a file for memory.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
number = {'x86_64': 167, 'aarch64': 224}[machine]
if libc.syscall(number, b'/tmp/x', 0) >= 0:
    print('ESCAPED')
