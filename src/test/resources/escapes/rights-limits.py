# SPDX-License-Identifier: Apache-2.0
# Lifts its limits.
import resource
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print('ESCAPED')
