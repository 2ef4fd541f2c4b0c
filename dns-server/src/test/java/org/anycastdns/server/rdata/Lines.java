package org.anycastdns.server.rdata;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;
import org.anycastdns.server.zonefile.problem.Problem;

/// Records by the lines that they are written in.
final class Lines {

    /// Owner names of all records, so that a record's line is found.
    private static final String HEAD = "$TTL 300\n";

    private Lines() {}

    /// What was read: RDATA by the number of its line from 0 on, or the first error of that line.
    ///
    /// @param types of the records
    record Result(
            Map<Integer, byte[]> rdata,
            Map<Integer, Integer> types,
            Map<Integer, String> errors,
            Map<Integer, String> warnings) {}

    /// Reads lines such as `MX 10 mail`, each as a record of its own name in example.com.
    static Result read(List<String> lines) {
        StringBuilder text = new StringBuilder(HEAD);
        for (int i = 0; i < lines.size(); i++) {
            text.append('r').append(i).append(' ').append(lines.get(i)).append('\n');
        }
        byte[] octets = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        ZoneFile file =
                ZoneFile.read(
                        Name.of("example.com."), "t.zone", _ -> new Source.Content.Text(octets));
        Result result =
                new Result(new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>());
        file.records()
                .forEach(record -> {
                    String owner = record.owner().toString();
                    int line = Integer.parseInt(owner.substring(1, owner.indexOf('.')));
                    result.rdata.put(line, record.rdata());
                    result.types.put(line, record.type());
                });
        for (Problem problem : file.problems()) {
            (problem.isError() ? result.errors : result.warnings)
                    .putIfAbsent(problem.line() - 2, problem.text());
        }
        return result;
    }

    /// A resource with two columns.
    static List<String[]> table(String path) {
        try (InputStream in = Lines.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new AssertionError("no resource " + path);
            }
            List<String[]> rows = new ArrayList<>();
            new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .forEach(line -> rows.add(line.split("\t", 2)));
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }
}
