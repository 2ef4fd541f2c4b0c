package org.anycastdns.server.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// Versions of a zone, one after the other, from `series.txt`, which tells its own notation.
///
/// @param versions all records of each
public record ZoneSeries(String name, List<List<ResourceRecord>> versions) {

    /// The zone of all series.
    public static final Name APEX = Name.of("example.");

    /// Reads all.
    public static List<ZoneSeries> all() {
        List<String> content = new ArrayList<>();
        List<ZoneSeries> all = new ArrayList<>();
        Version version = new Version();
        for (String line : lines()) {
            String[] words = line.split(" ", 2);
            switch (words[0]) {
                case "series" -> {
                    version.emit();
                    version = new Version();
                    content.forEach(version::edit);
                    all.add(new ZoneSeries(words[1], version.versions));
                }
                case "step" -> version.emit();
                default -> {
                    version.edit(line);
                    if (all.isEmpty()) {
                        content.add(line);
                    }
                }
            }
        }
        version.emit();
        return all;
    }

    /// Returns the records of a version but for the SOA record, as text without TTLs.
    ///
    /// @param version its index
    public List<String> texts(int version) {
        return versions.get(version).stream()
                .filter(record -> record.type() != RecordType.SOA)
                .map(record -> {
                    String rdata =
                            Record.newRecord(
                                            name(record),
                                            record.type(),
                                            DClass.IN,
                                            0,
                                            record.rdata())
                                    .rdataToString();
                    return "%s %s %s".formatted(record.owner(), Type.string(record.type()), rdata);
                })
                .toList();
    }

    private static org.xbill.DNS.Name name(ResourceRecord record) {
        return org.xbill.DNS.Name.fromConstantString(record.owner().toString());
    }

    private static List<String> lines() {
        try (InputStream in = ZoneSeries.class.getResourceAsStream("/series.txt")) {
            String text =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line ->
                            !line.isBlank() && !line.startsWith("#") && !line.equals("content"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The version that is being edited.
    private static final class Version {

        private static final ModelSigner SIGNER = new ModelSigner(APEX, 300, 300);
        private static final int TTL = 3_600;

        final List<List<ResourceRecord>> versions = new ArrayList<>();
        private final TreeMap<Name, TreeMap<Integer, List<byte[]>>> content = new TreeMap<>();
        private final Map<String, Integer> ttls = new HashMap<>();
        private ModelSigner.Signing signing = ModelSigner.Signing.UNSIGNED;
        private byte[] parameters = parameters("01");
        private int epoch;
        private Predicate<ResourceRecord> isLeftOut = _ -> false;

        private static byte[] parameters(String salt) {
            byte[] octets = HexFormat.of().parseHex(salt);
            ByteBuffer parameters = ByteBuffer.allocate(5 + octets.length);
            return parameters.putInt(0x0100_0001).put((byte) octets.length).put(octets).array();
        }

        void edit(String line) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "+" -> {
                    ResourceRecord record = SampleZone.record(line.substring(2), TTL);
                    content.computeIfAbsent(record.owner(), _ -> new TreeMap<>())
                            .computeIfAbsent(record.type(), _ -> new ArrayList<>())
                            .add(record.rdata());
                }
                case "-" -> remove(line, words);
                case "ttl" ->
                        ttls.put(
                                Name.of(words[1]) + " " + Type.value(words[2]),
                                Integer.valueOf(words[3]));
                case "sign" ->
                        signing = ModelSigner.Signing.valueOf(words[1].toUpperCase(Locale.ROOT));
                case "salt" -> parameters = parameters(words[1]);
                case "resign" -> epoch++;
                case "with" -> isLeftOut = _ -> false;
                case "without" -> {
                    int type = Type.value(words[1]);
                    int covered = words.length > 2 ? Type.value(words[2]) : -1;
                    isLeftOut =
                            record ->
                                    record.type() == type
                                            && (covered < 0
                                                    || ByteBuffer.wrap(record.rdata()).getShort()
                                                            == covered);
                }
                default -> throw new IllegalArgumentException(line);
            }
        }

        private void remove(String line, String[] words) {
            Name owner = Name.of(words[1]);
            TreeMap<Integer, List<byte[]>> types = content.get(owner);
            if (types == null) {
                throw new IllegalArgumentException("nothing to remove: " + line);
            }
            boolean removed =
                    switch (words.length) {
                        case 2 -> content.remove(owner) != null;
                        case 3 -> types.remove(Type.value(words[2])) != null;
                        default -> {
                            ResourceRecord record = SampleZone.record(line.substring(2), TTL);
                            yield types.getOrDefault(record.type(), List.of())
                                    .removeIf(each -> Arrays.equals(each, record.rdata()));
                        }
                    };
            if (!removed) {
                throw new IllegalArgumentException("nothing to remove: " + line);
            }
        }

        void emit() {
            content.values().forEach(types -> types.values().removeIf(List::isEmpty));
            content.values().removeIf(Map::isEmpty);
            int serial = versions.size() + 1;
            List<ResourceRecord> all =
                    SIGNER.signed(
                            content,
                            signing,
                            parameters,
                            serial,
                            epoch,
                            (name, type) -> ttls.getOrDefault(name + " " + type, TTL));
            all.removeIf(isLeftOut);
            versions.add(List.copyOf(all));
        }
    }
}
