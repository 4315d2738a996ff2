# SPDX-License-Identifier: Apache-2.0
# Turns the machine off.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
number = {'x86_64': 169, 'aarch64': 142}[machine]
if libc.syscall(number, 0xfee1dead, 672274793, 0x89abcdef, 0) >= 0:
    print('ESCAPED')
