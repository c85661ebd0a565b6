namespace Lambent.Tidy.Tables;

/// <summary>
/// Lines beyond the limit that were written before it was held. One number for all, so that it can be lowered by
/// whoever
/// shortens some while others work elsewhere. It may only shrink, to zero, and then this file goes.
/// </summary>
internal static class LongLines
{
    public const int CountMax = 54;

    /// <summary>No line is this long, whatever the count.</summary>
    public const int ColumnsMax = 150;
}
