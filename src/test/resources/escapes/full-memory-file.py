# SPDX-License-Identifier: Apache-2.0
# Keeps memory in a file without a name.
import os
os.memfd_create('x')
print('ESCAPED')
