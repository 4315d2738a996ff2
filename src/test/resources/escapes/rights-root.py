# SPDX-License-Identifier: Apache-2.0
# Becomes root.
import os
os.setuid(0)
print('ESCAPED')
