// SPDX-License-Identifier: Apache-2.0
/**
 * Pictures: where they lie, how they are decoded, how they are made another size, number by number as Pillow does it.
 *
 * <p>Front door: {@link org.lamella.base.picture.Picture}. It is a name and a way to the bytes; nothing is decoded before
 * somebody asks for its {@link org.lamella.base.picture.Bitmap}.
 *
 * <pre>{@code
 * Picture picture = Picture.of(Path.of("cat.jpg"));
 * Picture packed = Picture.inZip(Path.of("train-images.zip"), "17.png");
 * Picture again = Picture.at(packed.address());
 * Bitmap shown = picture.bitmap();
 * Bitmap small = shown.resized(224, 224);
 * byte[] png = small.png();
 * }</pre>
 *
 * <p>Words defined here: an <em>address</em> is the text that says where a picture is: a file, an entry of a zip after
 * {@code !/}, or a {@code data:} text that is the picture itself; a <em>bitmap</em> is a decoded picture, 8 bits each of
 * red, green and blue.
 */
@NullMarked
package org.lamella.base.picture;

import org.jspecify.annotations.NullMarked;
