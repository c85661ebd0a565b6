using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Intrinsics;

/// <summary>All intrinsic functions of the States Language.</summary>
internal static class IntrinsicTable
{
    public const string Format = "States.Format";

    private static readonly Dictionary<string, IntrinsicFunction> Functions = new IntrinsicFunction[]
    {
        new(Format, 1, int.MaxValue, (given, _) => TextIntrinsics.Format(given)),
        new("States.StringToJson", 1, 1, (given, _) => TextIntrinsics.StringToJson(given[0])),
        new("States.JsonToString", 1, 1, (given, _) => TextIntrinsics.JsonToString(given[0])),
        new("States.StringSplit", 2, 2, (given, _) => TextIntrinsics.StringSplit(given[0], given[1])),
        new("States.Base64Encode", 1, 1, (given, _) => TextIntrinsics.Base64Encode(given[0])),
        new("States.Base64Decode", 1, 1, (given, _) => TextIntrinsics.Base64Decode(given[0])),
        new("States.Hash", 2, 2, (given, _) => TextIntrinsics.Hash(given[0], given[1])),
        new("States.Array", 0, int.MaxValue, (given, _) => new DataArray(given)),
        new("States.ArrayPartition", 2, 2, (given, _) => ArrayIntrinsics.Partition(given[0], given[1])),
        new("States.ArrayContains", 2, 2, (given, _) => ArrayIntrinsics.Contains(given[0], given[1])),
        new("States.ArrayRange", 3, 3, (given, _) => ArrayIntrinsics.Range(given[0], given[1], given[2])),
        new("States.ArrayGetItem", 2, 2, (given, _) => ArrayIntrinsics.GetItem(given[0], given[1])),
        new("States.ArrayLength", 1, 1, (given, _) => ArrayIntrinsics.Length(given[0])),
        new("States.ArrayUnique", 1, 1, (given, _) => ArrayIntrinsics.Unique(given[0])),
        new("States.JsonMerge", 3, 3, (given, _) => ObjectIntrinsics.Merge(given[0], given[1], given[2])),
        new("States.MathAdd", 2, 2, (given, _) => NumberIntrinsics.Add(given[0], given[1])),
        new("States.MathRandom", 2, 3, NumberIntrinsics.Random),
        new("States.UUID", 0, 0, (_, chance) => NumberIntrinsics.Uuid(chance)),
    }.ToDictionary(function => function.Name);

    public static IntrinsicFunction? Find(string name) => Functions.GetValueOrDefault(name);
}
