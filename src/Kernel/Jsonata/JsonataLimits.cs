namespace Lambent.Kernel.Jsonata;

/// <summary>
/// What an evaluation may use up. The figures bound time and memory without a clock, so that an expression that is
/// refused is refused on every machine and at every replay.
/// </summary>
public sealed record JsonataLimits
{
    public static readonly JsonataLimits Default = new();

    /// <summary>Characters of an expression; longer text is refused with S0601.</summary>
    public const int ExpressionLengthMax = 128 * Limits.KiB;

    /// <summary>
    /// Levels of parentheses, brackets and operands in an expression; deeper ones are refused with S0602.
    /// </summary>
    public const int ExpressionDepthMax = 250;

    /// <summary>
    /// Uses of `%` in an expression; more are refused with S0602, as each looks through the steps before it.
    /// </summary>
    public const int ExpressionParentsMax = 64;

    /// <summary>
    /// Nodes evaluated, plus items of arrays and characters of texts that are made; then D1012. About a second at
    /// worst, and some 200 MB.
    /// </summary>
    public int StepsMax { get; init; } = 5_000_000;

    /// <summary>
    /// Nodes that are under way within each other, as calls that are not in tail position; then D1011.
    /// </summary>
    public int DepthMax { get; init; } = 5_000;

    /// <summary>Items of an array that is made; then D2015.</summary>
    public int ItemsMax { get; init; } = 1_000_000;

    /// <summary>Characters of a text that is made; then D2016.</summary>
    public int TextLengthMax { get; init; } = 4 * Limits.MiB;

    /// <summary>
    /// Levels of arrays and objects in a value that is made; then D2017. What is deeper is not read back.
    /// </summary>
    public int ValueDepthMax { get; init; } = Values.DataReader.MaximumDepth;
}
