using Lambent.Tidy.Syntax;
using Shouldly;
using Xunit;

namespace Lambent.Tidy.RuleTests;

public sealed class CSharpMembersTests
{
    private const string Sample = """
        namespace A.B;

        [Serializable]
        public sealed class Queue<T>(int size) : Base<T>
            where T : class
        {
            private static readonly Dictionary<string, int> Table = new()
            {
                ["a"] = 1,
            };

            public int Count { get; private set; } = Compute(() => { return 1; });

            public Queue(string name)
                : this(name.Length)
            {
            }

            [Fact]
            public async Task<Result<T>> TakeAsync<TOther>(CancellationToken cancellation)
                where TOther : struct
            {
                if (size == 0)
                {
                    return Inner();
                }

                void Inner() { }
            }

            public string Name => kind switch
            {
                1 => "one",
                _ => new Other { Value = 2 }.ToString(),
            };

            public static bool operator ==(Queue<T> left, Queue<T> right)
            {
                return true;
            }

            private enum Kind { One, Two }

            private record struct Pair(int A, int B)
            {
                public int Sum => Both(x => { return x; }, () => { });
            }
        }
        """;

    [Fact]
    public void Types_are_found_with_those_inside() =>
        CSharpMembers.Types(Sample).Select(type => type.Name).ShouldBe(["Kind", "Pair", "Queue"], ignoreOrder: true);

    [Fact]
    public void Members_with_a_body_are_found_and_fields_are_not() =>
        CSharpMembers.Functions(Sample).Select(function => function.Name).ShouldBe(
        [
            "Queue.Count", "Queue.Queue", "Queue.TakeAsync", "Queue.Name", "Queue.operator", "Pair.Sum",
        ]);

    [Fact]
    public void A_member_reaches_from_its_attributes_to_its_end()
    {
        var take = CSharpMembers.Functions(Sample).Single(function => function.Name == "Queue.TakeAsync");
        var name = CSharpMembers.Functions(Sample).Single(function => function.Name == "Queue.Name");

        Sample[take.Position..(take.EndPosition + 1)].ShouldStartWith("[Fact]");
        Sample[take.Position..(take.EndPosition + 1)].ShouldEndWith("void Inner() { }\n    }");
        Sample[name.Position..(name.EndPosition + 1)].ShouldEndWith("};");
    }
}
