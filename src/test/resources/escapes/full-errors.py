# SPDX-License-Identifier: Apache-2.0
# Complains for ever.
import sys
while True:
    sys.stderr.write('x' * 1000)
