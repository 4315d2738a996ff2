# SPDX-License-Identifier: Apache-2.0
# Takes ten gigabytes.
text = 'a' * 10**10
print('ESCAPED')
