# SPDX-License-Identifier: Apache-2.0
# Calls the kernel as a 32-bit program.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
import mmap
if machine == 'x86_64':
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(b'\xb8\x14\x00\x00\x00\xcd\x80\xc3')
    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
    print('ESCAPED')
