# SPDX-License-Identifier: Apache-2.0
# Prints a line without end.
import sys
while True:
    sys.stdout.write('x')
