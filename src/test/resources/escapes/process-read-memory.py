# SPDX-License-Identifier: Apache-2.0
# Reads the memory of the first process.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
class Piece(ctypes.Structure):
    _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]
place = ctypes.create_string_buffer(8)
here = Piece(ctypes.addressof(place), 8)
there = Piece(0x400000, 8)
if libc.process_vm_readv(1, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) >= 0:
    print('ESCAPED')
