using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Metrics;
using Lambent.Server.Functions;

namespace Lambent.Server.Metrics;

/// <summary>By what figures are put together: account, function, version, alias, queue, machine, tag:NAME.</summary>
internal sealed class MetricGroups
{
    /// <summary>What stands between the values of a group by several.</summary>
    public const char Separator = '\u001f';

    private const string TagPrefix = "tag:";
    private const int DimensionsMax = 5;

    private readonly FunctionDirectory functions;

    private MetricGroups(IReadOnlyList<string> dimensions, FunctionDirectory functions) =>
        (Dimensions, this.functions) = (dimensions, functions);

    public IReadOnlyList<string> Dimensions { get; }

    /// <param name="text">Dimensions with commas between; empty: all is one group.</param>
    /// <param name="more">What else may be named, which the caller knows how to tell.</param>
    /// <param name="field">The request's field, for the error.</param>
    public static Result<MetricGroups> Parse(
        string text, FunctionDirectory functions, IReadOnlyList<string> more, string field)
    {
        var dimensions = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (dimensions.Length > DimensionsMax)
        {
            return new Error(
                ErrorCode.ValidationFailed, $"{field} must name at most {DimensionsMax} dimensions.", field);
        }

        var unknown = dimensions.FirstOrDefault(dimension =>
            dimension is not ("account" or "function" or "version" or "alias" or "queue" or "machine" or "name")
            && !more.Contains(dimension)
            && !(dimension.StartsWith(TagPrefix, StringComparison.Ordinal) && dimension.Length > TagPrefix.Length));
        return unknown is null
            ? new MetricGroups(dimensions, functions)
            : new Error(
                ErrorCode.ValidationFailed,
                $"{field} names '{unknown}'; there are account, function, version, alias, queue, machine, "
                + $"{string.Concat(more.Select(one => one + ", "))}and tag:NAME.",
                field);
    }

    public bool Has(string dimension) => Dimensions.Contains(dimension);

    public string Of(MetricSeries series) => Of(series, _ => "");

    /// <param name="more">The value of a dimension that this class does not know.</param>
    public string Of(MetricSeries series, Func<string, string> more) => Dimensions.Count switch
    {
        0 => "",
        1 => ValueOf(series, Dimensions[0], more),
        _ => string.Join(Separator, Dimensions.Select(dimension => ValueOf(series, dimension, more))),
    };

    /// <summary>Dimensions with their values.</summary>
    public IReadOnlyDictionary<string, string> Name(string group)
    {
        var values = group.Split(Separator);
        return Dimensions.Select((dimension, index) => KeyValuePair.Create(dimension, values[index])).ToDictionary();
    }

    private string ValueOf(MetricSeries series, string dimension, Func<string, string> more) => dimension switch
    {
        "account" => series.Account.Value,
        "function" or "queue" or "machine" or "name" => series.Name,
        "version" => series.Part,
        "alias" => series.Detail,
        _ when dimension.StartsWith(TagPrefix, StringComparison.Ordinal) => functions
            .Find(new FunctionId(series.Account, series.Name))?.Function.Tags
            .GetValueOrDefault(dimension[TagPrefix.Length..]) ?? "",
        _ => more(dimension),
    };
}
