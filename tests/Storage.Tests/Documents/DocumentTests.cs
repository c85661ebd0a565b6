using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Storage.Documents;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Documents;

public sealed class DocumentTests
{
    /// <summary>
    /// Holds the samples to their promise. It fails when a member is added to the domain and not to the samples; then
    /// the conformance tests fail until the member is stored.
    /// </summary>
    [Fact]
    public void Full_samples_have_no_member_at_its_default()
    {
        var forgotten = new List<string>();
        foreach (var sample in new object[]
        {
            Samples.FullAccount(Samples.Account), Samples.Key("AKIA1", Samples.Account), Samples.FullFunction("f"),
            Samples.FullLayer("l", 1), Samples.FullEvent("e"), Samples.Blob("b", "k"),
        })
        {
            Visit(sample, sample.GetType().Name, forgotten);
        }

        forgotten.ShouldBeEmpty();
    }

    [Fact]
    public void Member_that_an_old_record_lacks_takes_its_default()
    {
        const string old = """
            {"version":"1","runtime":"nodejs20.x","handler":"h","role":"r","code":{"digest":"00","sizeBytes":1},
             "lastModifiedAt":"2026-02-03T04:05:06Z","revisionId":"x"}
            """;
        var read = JsonSerializer.Deserialize(old, DocumentContext.Default.FunctionVersionDocument)!.ToVersion();

        var expected = new FunctionVersion
        {
            Version = "1", Runtime = "nodejs20.x", Handler = "h", Role = "r", Code = new("00", 1),
            LastModifiedAt = DateTimeOffset.Parse("2026-02-03T04:05:06Z"), RevisionId = "x",
        };
        read.ShouldMatch(expected);
    }

    [Fact]
    public void Member_from_a_newer_program_is_ignored()
    {
        const string newer = """
            {"id":"111122223333","name":"n","createdAt":"2026-02-03T04:05:06Z","invented":{"later":[1]}}
            """;

        JsonSerializer.Deserialize(newer, DocumentContext.Default.AccountDocument)!.ToAccount().Name.ShouldBe("n");
    }

    [Theory]
    [InlineData("", 0x00000000)]
    [InlineData("123456789", 0xE3069283)]
    [InlineData("1234567", 0x124297EA)]
    public void Checksum_is_crc32c(string text, long expected) =>
        RowDocument.Checksum(Encoding.ASCII.GetBytes(text)).ShouldBe(expected);

    private static void Visit(object value, string path, List<string> forgotten)
    {
        var bare = value is LayerReference or Kernel.Packages.PackageReference
            ? null
            : Activator.CreateInstance(value.GetType());
        foreach (var property in value.GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            var (actual, initial) = (property.GetValue(value), bare is null ? null : property.GetValue(bare));
            var here = $"{path}.{property.Name}";
            if (actual is null || actual.Equals(initial) || actual is IEnumerable items && !items.Cast<object>().Any())
            {
                forgotten.Add(here);
            }
            else
            {
                Descend(actual, here, forgotten);
            }
        }
    }

    private static void Descend(object value, string path, List<string> forgotten)
    {
        switch (value)
        {
            // What is computed of other members, or has no defaults.
            case string or ReadOnlyMemory<byte> or DeliveryTarget or EventLane or EventPosition:
                break;
            case IEnumerable items:
                foreach (var item in items)
                {
                    Descend(item.GetType().GetProperty("Value")?.GetValue(item) ?? item, path + "[]", forgotten);
                }

                break;
            default:
                if (value.GetType() is { IsClass: true, Namespace: { } ns } && ns.StartsWith("Lambent."))
                {
                    Visit(value, path, forgotten);
                }

                break;
        }
    }
}
