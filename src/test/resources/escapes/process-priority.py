# SPDX-License-Identifier: Apache-2.0
# Pushes forward.
import os
os.nice(-20)
print('ESCAPED')
