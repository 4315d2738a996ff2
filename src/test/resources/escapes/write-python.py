# SPDX-License-Identifier: Apache-2.0
# Changes Python.
import sys
open(sys.executable, 'r+b')
print('ESCAPED')
