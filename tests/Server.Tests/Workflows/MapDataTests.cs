using System.IO.Compression;
using System.Text;
using Lambent.Kernel.Access;
using Lambent.Kernel.Objects;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Server.Objects;
using Lambent.Server.Workflows;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Workflows;

/// <summary>Maps over files, with files as results.</summary>
public sealed class MapDataTests
{
    private const string Call = """
        {"StartAt": "Do", "States": {"Do": {
            "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "End": true}},
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
        """;

    private const string Writer = """
        {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "files", "Prefix": "out/"}}
        """;

    [Fact]
    public async Task Rows_of_a_file_are_iterated_in_order_across_a_restart_whatever_becomes_of_the_file()
    {
        const int rows = 1_000;
        const int most = 7;
        await using var bench = await new WorkflowBench().OpenAsync();
        var text = "id,name\n" + string.Concat(Enumerable.Range(0, rows).Select(row => $"{row},\"n, {row}\"\n"));
        await PutAsync(bench, "in.csv", text);
        await bench.DefineAsync("m", Machine(
            """{"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}""",
            $$"""
            "MaxConcurrency": {{most}}, "ResultWriter": {{Writer}},
            "ItemSelector": {"i.$": "$$.Map.Item.Index", "id.$": "$$.Map.Item.Value.id"},
            """));
        var (running, highest) = (0, 0);
        var held = new TaskCompletionSource();
        bench.Call = async (_, input) =>
        {
            highest = Math.Max(highest, Interlocked.Increment(ref running));
            await Task.Yield();
            if (bench.Calls.Count >= rows / 2)
            {
                await held.Task;
            }

            Interlocked.Decrement(ref running);
            return TaskEnding.Of(input["id"]!);
        };

        var id = await bench.StartAsync("m", "one");
        await WorkflowBench.WhenAsync(() => bench.Calls.Count >= rows / 2);
        await PutAsync(bench, "in.csv", "id,name\nother,file\n");
        await bench.StopAsync();
        held.SetResult();
        bench.Call = (_, input) => Task.FromResult<TaskEnding?>(TaskEnding.Of(input["id"]!));
        await bench.OpenAsync();
        await bench.EndAsync(id);

        highest.ShouldBeLessThanOrEqualTo(most);
        var results = await ResultsAsync(bench, id, "SUCCEEDED");
        results.Count.ShouldBe(rows);
        results.Select(result => DataReader.Read(((DataText)result["Output"]!).Value).Value)
            .ShouldBe(Enumerable.Range(0, rows).Select(row => (DataValue)$"{row}"));
        bench.Objects.Open(Name("in.csv")).Value.Object.SizeBytes.ShouldBe("id,name\nother,file\n".Length);
    }

    [Fact]
    public async Task Iterations_that_failed_or_never_began_have_files_of_their_own()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await PutAsync(bench, "in.json", "[1, 2, 3, 4]");
        await bench.DefineAsync("m", Machine(
            """{"InputType": "JSON"}""", $$""" "MaxConcurrency": 1, "ResultWriter": {{Writer}}, """));
        bench.Call = (_, input) => Task.FromResult<TaskEnding?>(
            input.ToString() == "2" ? TaskEnding.Failed("Bad", "two") : TaskEnding.Of(input));

        var id = await bench.StartAsync("m", "one");
        await bench.EndAsync(id);

        bench.Outcome(id).ShouldBe("Failed States.ExceedToleratedFailureThreshold");
        var run = $"out/{id.Name}.{RunOf(bench, id)}";
        var manifest = DataReader.ReadOwn(await ReadAsync(bench, $"{run}/manifest.json"));
        manifest["ResultFiles"]!.ToString().ShouldContain("PENDING_0.json");
        var failed = ((DataArray)DataReader.ReadOwn(await ReadAsync(bench, $"{run}/FAILED_0.json"))).Items.Single();
        (failed["Error"], failed["Cause"], failed["Status"], failed["Input"])
            .ShouldBe(((DataValue)"Bad", (DataValue)"two", (DataValue)"FAILED", (DataValue)"2"));
        ((DataArray)DataReader.ReadOwn(await ReadAsync(bench, $"{run}/PENDING_0.json"))).Items.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("getObject", "none.csv", """{"InputType": "JSONL"}""", "The specified key does not exist")]
    [InlineData("getObject", "in.txt", """{"InputType": "JSONL"}""", "Line 1 is not JSON")]
    [InlineData("getObject", "in.txt", """{"InputType": "MANIFEST"}""", "not the manifest of an inventory")]
    public async Task File_that_cannot_be_read_fails_the_state_which_may_catch_it(
        string action, string key, string config, string cause)
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await PutAsync(bench, "in.txt", "text\n");
        await bench.DefineAsync("m", Machine(
            config,
            """ "Catch": [{"ErrorEquals": ["States.ItemReaderFailed"], "Next": "C", "ResultPath": "$.e"}], """,
            action,
            key,
            """, "C": {"Type": "Pass", "InputPath": "$.e.Cause", "End": true} """));

        var id = await bench.StartAsync("m", "one");
        await bench.EndAsync(id);

        bench.Outcome(id).ShouldStartWith("Succeeded");
        bench.Outcome(id).ShouldContain(cause);
    }

    [Fact]
    public async Task Bucket_that_is_not_there_fails_the_writer()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await PutAsync(bench, "in.json", "[1]");
        await bench.DefineAsync("m", Machine(
            """{"InputType": "JSON"}""", $$""" "ResultWriter": {{Writer.Replace("files", "nowhere")}}, """));

        var id = await bench.StartAsync("m", "one");
        await bench.EndAsync(id);

        bench.Outcome(id).ShouldBe("Failed States.ResultWriterFailed");
    }

    [Fact]
    public async Task Objects_of_a_bucket_lines_batches_and_inventories_are_items()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await PutAsync(bench, "data/a", "1");
        await PutAsync(bench, "data/b", "22");
        await PutAsync(bench, "lines", "1\n2\n3\n");
        await PutAsync(bench, "nested", """{"a": {"b": [7, 8, 9]}}""");
        await PutAsync(bench, "inventory.csv.gz", Zipped("\"files\",\"k%201\"\n\"files\",\"k2\"\n"));
        await PutAsync(bench, "manifest.json", """
            {"fileFormat": "CSV", "fileSchema": "Bucket, Key", "destinationBucket": "arn:aws:s3:::files",
             "files": [{"key": "inventory.csv.gz"}]}
            """);

        (await OutputAsync(bench, "{}", "", "listObjectsV2", "x\", \"Prefix\": \"data/"))
            .ShouldContain(""" "Size":2 """.Trim());
        (await OutputAsync(
            bench, """{"InputType": "JSONL"}""", """ "ItemBatcher": {"MaxItemsPerBatch": 2}, """, key: "lines"))
            .ShouldBe("""Succeeded [{"Items":[1,2]},{"Items":[3]}]""");
        (await OutputAsync(
            bench, """{"InputType": "JSON", "ItemsPointer": "/a/b", "MaxItems": 2}""", "", key: "nested"))
            .ShouldBe("Succeeded [7,8]");
        (await OutputAsync(bench, """{"InputType": "MANIFEST"}""", "", key: "manifest.json"))
            .ShouldBe("""Succeeded [{"Bucket":"files","Key":"k%201"},{"Bucket":"files","Key":"k2"}]""");
        (await OutputAsync(
            bench,
            """{"InputType": "JSONL"}""",
            """
            "ResultWriter": {"WriterConfig": {"Transformation": "FLATTEN", "OutputType": "JSON"}},
            "ItemBatcher": {"MaxItemsPerBatch": 2},
            "ItemSelector": {"x.$": "$$.Map.Item.Value", "at.$": "$$.Map.Item.Index"},
            """,
            key: "lines"))
            .ShouldBe("""Succeeded [{"Items":[{"x":1,"at":0},{"x":2,"at":1}]},{"Items":[{"x":3,"at":2}]}]""");
        (await OutputAsync(
            bench,
            """{"InputType": "JSONL"}""",
            """ "ItemBatcher": {"MaxItemsPerBatch": 2}, "ItemSelector": {"x.$": "$$.Map.Item.Value.no"}, """,
            key: "lines"))
            .ShouldStartWith("Failed States.");
    }

    [Fact]
    public async Task Items_are_kept_until_the_execution_succeeds()
    {
        await using var bench = await new WorkflowBench().OpenAsync();
        await PutAsync(bench, "in.json", "[1, 2]");
        await bench.DefineAsync("m", Machine("""{"InputType": "JSON"}""", ""));
        bench.Call = (_, _) => Task.FromResult<TaskEnding?>(TaskEnding.Failed("Bad", null));
        var id = await bench.StartAsync("m", "one");
        await bench.EndAsync(id);
        Collect(bench);

        bench.Call = (_, input) => Task.FromResult<TaskEnding?>(TaskEnding.Of(input));
        (await bench.Service.RedriveAsync(id)).Value.ShouldBeTrue();
        await WorkflowBench.WhenAsync(() => bench.Record(id).Status == ExecutionStatus.Succeeded);

        bench.Outcome(id).ShouldBe("Succeeded [1,2]");
        Collect(bench);
        bench.Contents.All().Count().ShouldBe(1);
    }

    private static void Collect(WorkflowBench bench) => bench.Contents.Collect(
        bench.Contents.All().ToList(),
        digest => bench.Store.Read(transaction => transaction.Objects.IsContentUsed(digest)));

    private static async Task<string> OutputAsync(
        WorkflowBench bench, string config, string more, string action = "getObject", string key = "x")
    {
        var machine = $"m{bench.NextId()}";
        await bench.DefineAsync(machine, Machine(config, more, action, key));
        var id = await bench.StartAsync(machine, "one");
        await bench.EndAsync(id);
        return bench.Outcome(id);
    }

    private static string Machine(
        string config, string more, string action = "getObject", string key = "in.csv", string states = "")
    {
        key = key == "in.csv" && config.Contains("\"JSON\"") ? "in.json" : key;
        var arguments = action == "getObject"
            ? $$"""{"Bucket": "files", "Key": "{{key}}"}"""
            : $$"""{"Bucket": "files", "Prefix": "data/"}""";
        var end = states.Length > 0 ? "\"Next\": \"C\"" : "\"End\": true";
        var reader = config == "{}" ? "" : $", \"ReaderConfig\": {config}";
        return $$$$"""
            {"StartAt": "Each", "States": {"Each": {"Type": "Map", {{{{more}}}}
                "ItemReader": {"Resource": "arn:aws:states:::s3:{{{{action}}}}",
                    "Parameters": {{{{arguments}}}}{{{{reader}}}}},
                "ItemProcessor": {{{{Call}}}}, {{{{end}}}}}{{{{states}}}}}}
            """;
    }

    private static ObjectName Name(string key) => new(AccountId.Root, "files", key);

    private static Task PutAsync(WorkflowBench bench, string key, string text) =>
        PutAsync(bench, key, Encoding.UTF8.GetBytes(text));

    private static async Task PutAsync(WorkflowBench bench, string key, byte[] bytes)
    {
        using var writer = bench.Objects.Begin();
        writer.Write(bytes).IsSuccess.ShouldBeTrue();
        var wish = new PutWish { Name = Name(key), MakesBucket = true };
        (await bench.Objects.PutAsync(wish, writer.Complete().Value, CancellationToken.None)).IsSuccess.ShouldBeTrue();
    }

    private static async Task<byte[]> ReadAsync(WorkflowBench bench, string key)
    {
        using var reading = bench.Objects.Open(Name(key)).Value;
        using var stream = new MemoryStream();
        await reading.CopyToAsync(stream, CancellationToken.None);
        return stream.ToArray();
    }

    private static long RunOf(WorkflowBench bench, ExecutionId id) => bench.Journal(id)
        .Single(happened => happened.Type == Kernel.Workflows.Journal.JournalEventType.MapRunStarted).Sequence;

    private static async Task<IReadOnlyList<DataValue>> ResultsAsync(WorkflowBench bench, ExecutionId id, string status)
    {
        var bytes = await ReadAsync(bench, $"out/{id.Name}.{RunOf(bench, id)}/{status}_0.json");
        return ((DataArray)DataReader.ReadOwn(bytes)).Items;
    }

    private static byte[] Zipped(string text)
    {
        using var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionMode.Compress))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }

        return stream.ToArray();
    }
}
