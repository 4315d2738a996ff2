# SPDX-License-Identifier: Apache-2.0
# Reads the kernel's keys.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
number = {'x86_64': 250, 'aarch64': 219}[machine]
if libc.syscall(number, 0, -4, 1) >= 0:
    print('ESCAPED')
