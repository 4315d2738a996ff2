# SPDX-License-Identifier: Apache-2.0
# Makes a process by the system call.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
number = {'x86_64': 56, 'aarch64': 220}[machine]
if libc.syscall(number, 17, 0, 0, 0, 0) >= 0:
    print('ESCAPED', flush=True)
