// SPDX-License-Identifier: Apache-2.0
/**
 * Files of Hugging Face's hub: found in the cache that Python's tools share, or downloaded into it and verified.
 *
 * <p>Front door: {@link org.lamella.data.internal.hub.HubDownload}. A file is named by repository, commit and path, so
 * it can never change; its hash comes from the card or from the hub's own answer, and nothing gets its place in the
 * cache before its bytes have that hash.
 *
 * <pre>{@code
 * var settings = HubSettings.standard();           // HF_HOME, HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE, proxies
 * var commit = "bcdcba79d07bc864c1c254ccfcedcce55bcc9a8c";
 * var repository = HubRepository.ofDatasets("nyu-mll/glue", commit);
 * var file = HubFile.of(repository, "rte/train-00000-of-00001.parquet");
 * HubCache.of(settings).find(file);                // where it lies, when it is there
 * HubDownload.of(settings).fetch(file);            // the same, downloaded first when it is not
 * settings.toString();                             // never shows the token
 * }</pre>
 *
 * <p>Words defined here: a <em>blob</em> is a file under its hash; a <em>snapshot</em> is the folder of one commit,
 * whose entries point to blobs; a <em>partial</em> is what a broken download left, where the next one goes on.
 */
@NullMarked
package org.lamella.data.internal.hub;

import org.jspecify.annotations.NullMarked;
