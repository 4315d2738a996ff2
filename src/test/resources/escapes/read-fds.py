# SPDX-License-Identifier: Apache-2.0
# Finds open files that it was not given.
import os
for fd in range(3, 4096):
    try:
        os.fstat(fd)
    except OSError:
        continue
    print('ESCAPED')
