# SPDX-License-Identifier: Apache-2.0
# Computes a number that never ends.
x = 10 ** 10 ** 9
print('ESCAPED')
