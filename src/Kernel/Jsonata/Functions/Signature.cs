using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>
/// What arguments a function takes, as in `&lt;s-nn?:s&gt;`: a letter for each kind, choices in round brackets, `+` for
/// one or more, `?` for those that may be missing, `-` for those that the context stands in for.
/// </summary>
internal sealed class Signature
{
    private readonly List<Parameter> parameters;

    private Signature(List<Parameter> parameters) => this.parameters = parameters;

    /// <param name="text">With its angle brackets.</param>
    /// <param name="position">Where it stands in the expression.</param>
    public static Signature Parse(string text, int position) => new SignatureReader(text, position).Read();

    internal static Signature Of(List<Parameter> parameters) => new(parameters);

    /// <summary>
    /// The arguments, one for each parameter, with the context and single values put where they belong.
    /// </summary>
    /// <exception cref="ExpressionException">T0410, T0411 or T0412.</exception>
    public DataValue?[] Check(DataValue?[] arguments, DataValue? context, Evaluation run)
    {
        // Nearly always there is one argument for each parameter; only what is missing needs a search.
        var counts = new int[parameters.Count];
        var reached = 0;
        if (!Fit(arguments, 0, 0, counts, ref reached, run))
        {
            throw new ExpressionException(
                "T0410", $"Argument {Arithmetic.Text(reached + 1)} is not what the function takes");
        }

        var result = new List<DataValue?>(parameters.Count);
        var next = 0;
        for (var index = 0; index < counts.Length; index++)
        {
            var parameter = parameters[index];
            if (counts[index] == 0)
            {
                result.Add(parameter.TakesContext ? Context(parameter, context) : null);
                continue;
            }

            for (var taken = 0; taken < counts[index]; taken++, next++)
            {
                result.Add(Checked(parameter, arguments[next], next, run));
            }
        }

        return [.. result];
    }

    private static DataValue? Context(Parameter parameter, DataValue? context) =>
        context is null || parameter.Takes(context)
            ? context
            : throw new ExpressionException("T0411", "The context is not what the function takes as its argument");

    /// <summary>How many arguments each parameter takes: as many as it can, so that the rest still fits.</summary>
    private bool Fit(
        DataValue?[] arguments, int parameter, int argument, int[] counts, ref int reached, Evaluation run)
    {
        run.Charge(1);
        reached = Math.Max(reached, argument);
        if (parameter == parameters.Count)
        {
            return argument == arguments.Length;
        }

        var current = parameters[parameter];
        var most = 0;
        var limit = current.Repeats ? arguments.Length - argument : Math.Min(1, arguments.Length - argument);
        while (most < limit && current.Takes(arguments[argument + most]))
        {
            most++;
        }

        run.Charge(most);

        var least = current.IsOptional || current.TakesContext ? 0 : 1;
        for (var count = most; count >= least; count--)
        {
            counts[parameter] = count;
            if (Fit(arguments, parameter + 1, argument + count, counts, ref reached, run))
            {
                return true;
            }
        }

        return false;
    }

    private static DataValue? Checked(Parameter parameter, DataValue? argument, int index, Evaluation run)
    {
        if (argument is null || !parameter.IsArray)
        {
            return argument;
        }

        var array = argument as DataArray ?? Sequences.Uncollapsed([argument]);
        if (parameter.Items is { } kind)
        {
            run.Charge(array.Items.Count);
            foreach (var item in array.Items)
            {
                if (Parameter.Letter(item) != kind)
                {
                    throw new ExpressionException(
                        "T0412", $"Argument {Arithmetic.Text(index + 1)} must be an array of {Parameter.Plural(kind)}");
                }
            }
        }

        return array;
    }
}

/// <param name="Kinds">Letters of the kinds that it takes.</param>
internal sealed record Parameter(string Kinds)
{
    public bool Repeats { get; set; }

    public bool IsOptional { get; set; }

    public bool TakesContext { get; set; }

    /// <summary>The letter of the kind that all items of an array must have, or null.</summary>
    public char? Items { get; set; }

    /// <summary>A single value stands for the array that has it.</summary>
    public bool IsArray => Kinds == "a";

    public static char Letter(DataValue value) => value switch
    {
        DataText => 's',
        DataNumber => 'n',
        DataBoolean => 'b',
        DataNull => 'l',
        DataArray => 'a',
        DataObject => 'o',
        _ => 'f',
    };

    public static string Plural(char kind) => kind switch
    {
        's' => "strings",
        'n' => "numbers",
        'b' => "booleans",
        'l' => "nulls",
        'a' => "arrays",
        'o' => "objects",
        _ => "functions",
    };

    /// <summary>Nothing is taken by all but functions' parameters.</summary>
    public bool Takes(DataValue? argument)
    {
        if (argument is null)
        {
            return Kinds != "f";
        }

        return IsArray || Kinds.Contains('x') || Kinds.Contains(Letter(argument))
            || (Kinds.Contains('j') && argument is not FunctionValue)
            || (Kinds.Contains('u') && argument is DataText or DataNumber or DataBoolean or DataNull);
    }
}
