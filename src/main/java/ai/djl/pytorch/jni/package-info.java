// SPDX-License-Identifier: Apache-2.0
/**
 * The one class that has to lie beside DJL's own: {@link ai.djl.pytorch.jni.Libtorch} hands the native functions that
 * DJL keeps to itself to {@code org.lamella.tensor}, and to nobody else.
 */
@NullMarked
package ai.djl.pytorch.jni;

import org.jspecify.annotations.NullMarked;
