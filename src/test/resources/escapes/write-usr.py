# SPDX-License-Identifier: Apache-2.0
# Changes the programs.
open('/usr/escaped', 'w').write('x')
print('ESCAPED')
