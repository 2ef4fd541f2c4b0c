package org.anycastdns.server.zone;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What is known of the digest of a zone's content: that of its image, once somebody has computed
/// it, and what changes have added since. Copies of an image and its changed versions share the
/// former. Any thread may use it.
public final class KnownDigest {

    private final AtomicReference<@Nullable ContentDigest> image;
    private final ContentDigest changes;

    /// Creates the digest of an image, which nobody knows yet.
    public KnownDigest() {
        this(new AtomicReference<>(), ContentDigest.NOTHING);
    }

    private KnownDigest(AtomicReference<@Nullable ContentDigest> image, ContentDigest changes) {
        this.image = image;
        this.changes = changes;
    }

    /// Returns the digest of the zone, or null if it has not been computed.
    public @Nullable ContentDigest get() {
        ContentDigest known = image.get();
        return known == null ? null : known.plus(changes);
    }

    /// Notes the digest of the zone, changes included.
    public void set(ContentDigest digest) {
        image.set(digest.minus(changes));
    }

    /// Returns what is known after one more change.
    ///
    /// @param difference what the change adds
    public KnownDigest plus(ContentDigest difference) {
        return new KnownDigest(image, changes.plus(difference));
    }
}
