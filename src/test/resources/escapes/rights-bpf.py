# SPDX-License-Identifier: Apache-2.0
# Gives the kernel a program.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
number = {'x86_64': 321, 'aarch64': 280}[machine]
if libc.syscall(number, 0, ctypes.create_string_buffer(128), 128) >= 0:
    print('ESCAPED')
