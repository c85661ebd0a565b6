using Lambent.Kernel.Functions;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Queues;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class MappingConformance(StoreEngine engine) : StoreConformance(engine)
{
    [Fact]
    public async Task Mapping_reads_back_the_same()
    {
        var mapping = Mapping("m1") with
        {
            Qualifier = "live",
            Settings = new MappingSettings
            {
                BatchSize = 100,
                WindowSeconds = 5,
                ReportsItemFailures = true,
                Filters = ["{\"body\":[\"ü\"]}"],
                MaximumConcurrency = 7,
                OnFailureArn = "arn:aws:sqs:us-east-1:111122223333:failed",
                RetriesMax = 3,
                Metrics = ["EventCount"],
                KmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/k",
            },
            IsEnabled = false,
            State = MappingState.Disabling,
            Tags = EventSourceMapping.NoTags.Add("a", "b"),
        };
        await WriteAsync(transaction => transaction.Mappings.Put(mapping));

        Store.Read(transaction => transaction.Mappings.Get(Samples.Account, "m1")).ShouldMatch(mapping);
        Store.Read(transaction => transaction.Mappings.All()).ShouldHaveSingleItem().ShouldMatch(mapping);
        Store.Read(transaction => transaction.Mappings.Get(Samples.OtherAccount, "m1")).ShouldBeNull();
    }

    [Fact]
    public async Task Mappings_list_by_what_they_connect_in_pages()
    {
        await WriteAsync(transaction =>
        {
            transaction.Mappings.Put(Mapping("m1"));
            transaction.Mappings.Put(Mapping("m2", function: "g"));
            transaction.Mappings.Put(Mapping("m3", queue: "r"));
            transaction.Mappings.Put(Mapping("m4", queue: "r", function: "g"));
        });

        List(new MappingQuery()).ShouldBe(["m1", "m2", "m3", "m4"]);
        List(new MappingQuery(FunctionName: "g")).ShouldBe(["m2", "m4"]);
        List(new MappingQuery(QueueName: "r")).ShouldBe(["m3", "m4"]);
        List(new MappingQuery("g", "r")).ShouldBe(["m4"]);
        List(new MappingQuery(FunctionName: "g"), after: "m2").ShouldBe(["m4"]);
        List(new MappingQuery(), limit: 2).ShouldBe(["m1", "m2"]);

        IEnumerable<string> List(MappingQuery query, string? after = null, int limit = 100) => Store
            .Read(transaction => transaction.Mappings.List(Samples.Account, query, after, limit))
            .Select(mapping => mapping.Id);
    }

    [Fact]
    public async Task Mapping_that_changes_its_function_lists_under_the_new_one()
    {
        await WriteAsync(transaction => transaction.Mappings.Put(Mapping("m1")));
        await WriteAsync(transaction => transaction.Mappings.Put(Mapping("m1", function: "g")));

        Store.Read(transaction => transaction.Mappings.List(
            Samples.Account, new MappingQuery(FunctionName: "f"), null, 10)).ShouldBeEmpty();
        await WriteAsync(transaction => transaction.Mappings.Delete(Samples.Account, "m1"));
        Store.Read(transaction => transaction.Mappings.All()).ShouldBeEmpty();
    }

    private static EventSourceMapping Mapping(string id, string queue = "q", string function = "f") => new()
    {
        Account = Samples.Account,
        Id = id,
        Queue = new QueueId(Samples.Account, queue),
        Function = new FunctionId(Samples.Account, function),
        Settings = new MappingSettings(),
        IsEnabled = true,
        State = MappingState.Creating,
        ModifiedAt = Samples.Time,
    };
}
