using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Intrinsics;

/// <summary>The intrinsic function that puts two objects together.</summary>
internal static class ObjectIntrinsics
{
    /// <summary>The members of both; of those with the same name the second object's counts.</summary>
    public static IntrinsicResult Merge(DataValue first, DataValue second, DataValue isDeep)
    {
        if (first is not DataObject left || second is not DataObject right)
        {
            return IntrinsicResult.Failed("the first two arguments are not both objects");
        }

        return isDeep is DataBoolean { Value: false }
            ? left.With(right)
            : IntrinsicResult.Failed("the third argument must be false: only shallow merging is supported");
    }
}
