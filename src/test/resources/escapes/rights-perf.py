# SPDX-License-Identifier: Apache-2.0
# Watches the processor.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
number = {'x86_64': 298, 'aarch64': 241}[machine]
if libc.syscall(number, ctypes.create_string_buffer(128), 0, -1, -1, 0) >= 0:
    print('ESCAPED')
