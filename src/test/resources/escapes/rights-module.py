# SPDX-License-Identifier: Apache-2.0
# Loads a kernel module.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
number = {'x86_64': 175, 'aarch64': 105}[machine]
if libc.syscall(number, ctypes.create_string_buffer(64), 64, b'') >= 0:
    print('ESCAPED')
