# SPDX-License-Identifier: Apache-2.0
# Prints for ever.
while True:
    print('x' * 1000)
