// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

/** A text marked as HTML; Python changes what is joined to it, so that here it can be printed and nothing else. */
record Markup(String text) {}
