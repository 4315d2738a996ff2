// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.FormatException;
import org.lamella.model.Golden;

class PictureTest {

    private static final Path FOLDER = Golden.path("pictures");

    @TempDir
    private Path folder;

    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(FOLDER.resolve(name));
    }

    @Test
    void aPictureIsTheSameFromAFileBytesAZipAndItsAddress() throws IOException {
        Path zip = folder.resolve("some.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream packed = new ZipOutputStream(out)) {
            packed.putNextEntry(new ZipEntry("images/rgb.jpg"));
            packed.write(bytes("rgb.jpg"));
        }
        Picture file = Picture.of(FOLDER.resolve("rgb.jpg"));
        Picture inside = Picture.inZip(zip, "images/rgb.jpg");
        Picture given = Picture.of("a cat", bytes("rgb.jpg"));

        for (Picture picture :
                new Picture[] {inside, given, Picture.at(inside.address()), Picture.at(given.address())}) {
            assertThat(picture.bitmap()).isEqualTo(file.bitmap());
            assertThat(Picture.at(picture.address())).isEqualTo(picture);
            assertThat(Picture.isThere(picture.address())).isTrue();
        }
        assertThat(inside.name()).isEqualTo("rgb.jpg");
        assertThat(given.name()).isEqualTo("a cat");
    }

    @Test
    void aTextThatIsNoAddressIsNone() {
        for (String text : new String[] {"a cat", "no such.png", "data:text/plain,x", "\0.png", ""}) {
            assertThat(Picture.isThere(text)).isFalse();
        }
    }

    @Test
    void aTextNamedAsAPictureIsRefusedWithItsName() throws IOException {
        Path text = Files.writeString(folder.resolve("cat.png"), "this is\nnot a cat");

        assertThatThrownBy(() -> Picture.of(text).bitmap())
                .isInstanceOf(FormatException.class)
                .hasMessage("[" + text + "] must be a picture in PNG or JPEG; got the text \"this is not a cat\"");
    }

    @Test
    void anEmptyFileAndOtherBytesAreRefusedWithTheirName() {
        assertThatThrownBy(() -> Picture.of("nothing", new byte[0]).bitmap())
                .hasMessage("[nothing] must be a picture in PNG or JPEG; got an empty file");
        assertThatThrownBy(() -> Picture.of("bytes", new byte[] {1, 2, 3}).bitmap())
                .hasMessage("[bytes] must be a picture in PNG or JPEG; got other bytes, the first of them 0x01");
    }

    @Test
    void aBombIsRefusedBeforeItIsDecoded() throws IOException {
        byte[] bomb = bytes("rgb.png");
        ByteBuffer.wrap(bomb).putInt(16, 100_000).putInt(20, 100_000);

        assertThatThrownBy(() -> Picture.of("bomb.png", bomb).bitmap())
                .hasMessage("[bomb.png] must have 1 to 89,478,485 pixels; got 100,000 x 100,000");
    }

    @Test
    void aFileThatEndsTooEarlyIsRefusedWithItsName() throws IOException {
        for (String name : new String[] {"rgb.png", "rgb.jpg", "progressive.jpg", "cmyk.jpg"}) {
            byte[] whole = bytes(name);
            byte[] half = Arrays.copyOf(whole, whole.length * 2 / 3);

            assertThatThrownBy(() -> Picture.of(name, half).bitmap())
                    .as(name)
                    .isInstanceOf(FormatException.class)
                    .hasMessageStartingWith("[" + name + "] must be ");
        }
    }

    @Test
    void anyPieceOfAFileIsReadOrRefusedAndNothingElse() throws IOException {
        for (String name : new String[] {"alpha.png", "turned-6.jpg"}) {
            byte[] whole = bytes(name);
            for (int length = 0; length < whole.length; length += 37) {
                byte[] piece = Arrays.copyOf(whole, length);
                try {
                    assertThat(Picture.of(name, piece).bitmap().width()).isPositive();
                } catch (FormatException refused) {
                    assertThat(refused).hasMessageStartingWith("[" + name + "] must be ");
                }
            }
        }
    }

    @Test
    void whatIsNotThereIsSaid() {
        Path gone = folder.resolve("gone.png");

        assertThatThrownBy(() -> Picture.of(gone).bitmap())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("[" + gone + "] cannot be read: there is no " + gone);
    }

    @Test
    void aThumbnailIsSmallAndKeepsItsShape() {
        byte[] png = Picture.of(FOLDER.resolve("tall.png")).thumbnail(20);

        Bitmap small = Picture.of("small", png).bitmap();
        assertThat(small).hasToString("bitmap of 4 x 20");
        assertThat(new String(png, 1, 3, StandardCharsets.US_ASCII)).isEqualTo("PNG");
    }
}
