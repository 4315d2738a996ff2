// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.Map;

/** Fields that a template may set from within a loop. */
record Namespace(Map<String, Object> fields) {}
