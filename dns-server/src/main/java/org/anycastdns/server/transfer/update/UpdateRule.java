package org.anycastdns.server.transfer.update;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;

/// What the holder of a key may change in a zone. It may look at the whole zone by prerequisites.
///
/// @param key name of the key
/// @param names the names; none means all names of the zone
/// @param types the types of records; none means all but NS and SOA, and {@link RecordType#ANY}
///   means all
public record UpdateRule(Name key, List<NamePattern> names, Set<Integer> types) {

    public UpdateRule {
        names = List.copyOf(names);
        types = Set.copyOf(types);
    }

    /// Reads a rule as it is configured.
    ///
    /// @param names patterns as {@link NamePattern#of} reads them
    /// @param types mnemonics such as `AAAA`, or `TYPEn`
    /// @throws IllegalArgumentException if a pattern is no name, or a type is none that UPDATE can
    ///   change; the message says what to write instead
    public static UpdateRule of(Name key, List<String> names, List<String> types) {
        Set<Integer> numbers = new LinkedHashSet<>();
        for (String type : types) {
            int number = RecordType.of(type);
            if (number < 0) {
                throw new IllegalArgumentException(
                        "'%s' is no record type; write one such as A, TXT or TYPE65534"
                                .formatted(type));
            }
            if (number != RecordType.ANY
                    && (RecordType.isMeta(number) || UpdatePolicy.isSigning(number))) {
                throw new IllegalArgumentException(
                        "UPDATE cannot change records of the type %s; leave it out"
                                .formatted(RecordType.name(number)));
            }
            boolean _ = numbers.add(number);
        }
        return new UpdateRule(key, names.stream().map(NamePattern::of).toList(), numbers);
    }

    /// Returns whether the rule is about a name.
    boolean matches(Name owner) {
        return names.isEmpty() || names.stream().anyMatch(pattern -> pattern.matches(owner));
    }

    /// Returns whether the rule is about a type.
    boolean matches(int type) {
        if (types.isEmpty()) {
            return type != RecordType.NS && type != RecordType.SOA;
        }
        return types.contains(type) || types.contains(RecordType.ANY);
    }
}
