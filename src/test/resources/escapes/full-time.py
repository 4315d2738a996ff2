# SPDX-License-Identifier: Apache-2.0
# Runs for ever.
while True:
    pass
