package org.anycastdns.server.transfer.tsig;

import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// The keys that a server knows, by name.
public final class TsigKeys {

    /// No keys.
    public static final TsigKeys NONE = new TsigKeys(java.util.List.of());

    private final Map<Name, TsigKey> keys;

    /// Takes keys.
    ///
    /// @throws IllegalStateException if two keys have one name
    public TsigKeys(Collection<TsigKey> all) {
        keys =
                all.stream()
                        .collect(Collectors.toUnmodifiableMap(TsigKey::name, Function.identity()));
    }

    /// Returns the key with a name, or null if there is none.
    public @Nullable TsigKey find(Name name) {
        return keys.get(name);
    }
}
