package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.MemoryBudget;
import org.anycastdns.server.zonefile.PolicyTable;
import org.anycastdns.server.zonefile.PolicyTable.Row;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.problem.Problem;
import org.anycastdns.server.zonefile.problem.ZonePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An image of zones that only a lenient policy lets through.
class LenientImageTest {

    private static final ReadRules LENIENT = ReadRules.DEFAULT.with(ZonePolicy.LENIENT);

    @TempDir private Path folder;

    @Test
    void whatIsCompiledIsAnImageThatIsSound() throws IOException, InterruptedException {
        Path zones = Files.createDirectory(folder.resolve("zones"));
        List<Row> rows =
                PolicyTable.rows().stream().filter(row -> !row.lenient().equals("error")).toList();
        for (int i = 0; i < rows.size(); i++) {
            Files.writeString(zones.resolve("r%03d.test.zone".formatted(i)), rows.get(i).text());
        }
        Path image = folder.resolve("image");
        Compilation made = Compilation.of(zones, image, LENIENT, Clock.systemUTC());
        assertEquals(List.of(), made.problems().stream().filter(Problem::isError).toList());
        assertEquals(rows.size(), made.zoneCount());
        try (ImageMemory memory = ImageMemory.closeable()) {
            ImageLoader loader =
                    new ImageLoader(
                            image,
                            new CounterSlots(2, 4, 1),
                            MemoryBudget.unlimited(),
                            new Progress());
            List<Loaded> loaded = loader.load(loader.look(List.of()).zones(), memory);
            assertTrue(loaded.stream().allMatch(each -> each.zone() != null), loaded::toString);
            assertEquals(List.of(), loader.verify());
        }
    }
}
