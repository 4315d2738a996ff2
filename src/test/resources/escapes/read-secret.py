# SPDX-License-Identifier: Apache-2.0
# Reads a file of the host.
open('@FOLDER@/secret').read()
print('ESCAPED')
