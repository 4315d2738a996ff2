# SPDX-License-Identifier: Apache-2.0
# Opens files without end.
files = [open('/dev/null') for _ in range(1000)]
print('ESCAPED')
