using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Expressions.Templates;

namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>Reads one state.</summary>
internal sealed class StateReader
{
    private readonly string name;
    private readonly DefinitionFields fields;
    private readonly DefinitionScope scope;
    private readonly QueryLanguage language;
    private readonly bool isLanguageRefused;
    private readonly ExpressionFields expressions;

    public StateReader(string name, DefinitionFields fields, DefinitionScope scope)
    {
        this.name = name;
        this.fields = fields;
        this.scope = scope;
        (language, isLanguageRefused) = QueryLanguages.OfState(fields, scope.MachineLanguage);
        expressions = new ExpressionFields(fields, language, fields.Location);
    }

    /// <returns>The state; null when so much is wrong that there is none.</returns>
    public State? Read()
    {
        if (!fields.Require("Type") || fields.Text("Type") is not { } type)
        {
            return null;
        }

        if (!StateFields.Types.Contains(type))
        {
            fields.Refuse(
                "Type", $"The field 'Type' should have one of these values: [{string.Join(", ", StateFields.Types)}]");
            return null;
        }

        fields.Allow(StateFields.Of(type));
        fields.Text("Comment");
        if (isLanguageRefused)
        {
            // Half of its fields would be reported for a language that it may not have.
            return null;
        }

        QueryLanguages.CheckFields(fields, language);
        return type switch
        {
            "Task" => ReadTask(),
            "Wait" => ReadWait(),
            "Pass" => ReadPass(),
            "Succeed" => new SucceedState
            {
                Name = name,
                QueryLanguage = language,
                InputPath = expressions.StatePath("InputPath"),
                OutputPath = expressions.StatePath("OutputPath"),
                Output = expressions.Output(),
            },
            "Fail" => ReadFail(),
            "Choice" => new ChoiceReader(expressions).Read(name),
            "Parallel" => ReadParallel(),
            _ => new MapReader(expressions, scope).Read(name, ReadNext()),
        };
    }

    // Null for a state that ends, and when neither is there as it should be, which was reported then.
    private string? ReadNext()
    {
        var ends = fields.Boolean("End") == true;
        if (fields.Has("Next") && ends)
        {
            fields.AtMostOne("Next", "End");
        }
        else if (!fields.Has("Next") && !ends)
        {
            fields.Refuse("This object should have only one of the following fields: [Next, End]");
        }

        return fields.Text("Next");
    }

    private TaskState? ReadTask()
    {
        fields.Require("Resource");
        fields.AtMostOne("TimeoutSeconds", "TimeoutSecondsPath");
        fields.AtMostOne("HeartbeatSeconds", "HeartbeatSecondsPath");
        var timeout = expressions.WholeNumber("TimeoutSeconds", 1, Limits.WorkflowSecondsMax);
        var heartbeat = expressions.WholeNumber("HeartbeatSeconds", 1, Limits.WorkflowSecondsMax);
        if (fields.Raw("TimeoutSeconds") is DataNumber whole
            && fields.Raw("HeartbeatSeconds") is DataNumber part
            && part.Value >= whole.Value)
        {
            fields.Refuse("HeartbeatSeconds", "HeartbeatSeconds must be smaller than TimeoutSeconds");
        }

        TaskResource? resource = null;
        if (fields.Text("Resource") is { } text)
        {
            (resource, var problem) = ResourceReader.Read(text, scope.IsExpress);
            if (resource is null)
            {
                fields.Refuse("Resource", problem!);
            }
            else
            {
                OwnTaskReader.Check(resource, fields, scope, expressions.IsJsonata);
            }
        }

        var next = ReadNext();
        var credentials = ReadCredentials();
        var arguments = expressions.IsJsonata ? expressions.Template("Arguments") : expressions.Template("Parameters");
        var state = new TaskState
        {
            Name = name,
            QueryLanguage = language,
            Next = next,
            Resource = resource ?? new TaskResource(string.Empty, TaskResourceKind.Function, "lambda", "invoke"),
            TimeoutSeconds = timeout,
            HeartbeatSeconds = heartbeat,
            Credentials = credentials,
            Arguments = arguments,
        };
        return resource is null ? null : (TaskState)WorkingFields.AddTo(state, expressions);
    }

    private IExpression? ReadCredentials()
    {
        if (fields.Object("Credentials") is not { } credentials)
        {
            return null;
        }

        var member = !expressions.IsJsonata && credentials.Has("RoleArn.$") ? "RoleArn.$" : "RoleArn";
        if (credentials.Raw(member) is not { } role)
        {
            credentials.Refuse("The field 'RoleArn' is required but was missing");
            return null;
        }

        if (role is not DataText)
        {
            credentials.Refuse(member, "Expected value of type [STRING]");
            return null;
        }

        if (expressions.Within(credentials).ComputedText("RoleArn") is { } computed)
        {
            return ValueChecks.Of(computed, computed.Place, "string");
        }

        var template = new PathTemplateReader(fields.Location, fields.Problems)
            .Read(new DataObject((member, role)), "Credentials");
        return expressions.IsJsonata
            ? new ConstantExpression(role)
            : ValueChecks.Of(new MemberExpression(template, "RoleArn"), "Credentials/RoleArn", "string");
    }

    private WaitState ReadWait()
    {
        string[] times = expressions.IsJsonata
            ? ["Seconds", "Timestamp"]
            : ["SecondsPath", "Seconds", "TimestampPath", "Timestamp"];
        fields.ExactlyOne(times);
        return new WaitState
        {
            Name = name,
            QueryLanguage = language,
            Next = ReadNext(),
            Seconds = expressions.WholeNumber("Seconds", 0, Limits.WorkflowSecondsMax),
            Timestamp = expressions.Timestamp("Timestamp"),
            InputPath = expressions.StatePath("InputPath"),
            OutputPath = expressions.StatePath("OutputPath"),
            Output = expressions.Output(),
            Assign = expressions.Assign(),
        };
    }

    private PassState ReadPass()
    {
        WarnOfPaths(fields.Raw("Result"));
        return new PassState
        {
            Name = name,
            QueryLanguage = language,
            Next = ReadNext(),
            Result = expressions.IsJsonata ? null : fields.Raw("Result"),
            Parameters = expressions.IsJsonata ? null : expressions.Template("Parameters"),
            ResultPath = expressions.ResultPath(),
            InputPath = expressions.StatePath("InputPath"),
            OutputPath = expressions.StatePath("OutputPath"),
            Output = expressions.Output(),
            Assign = expressions.Assign(),
        };
    }

    private void WarnOfPaths(DataValue? result)
    {
        if (result is DataObject members
            && members.Members.Keys.Any(key => key.EndsWith(".$", StringComparison.Ordinal)))
        {
            fields.Problems.Warn(
                "PASS_RESULT_IS_STATIC", "A path in 'Result' is not evaluated; 'Parameters' is", fields.At("Result"));
        }
    }

    private FailState ReadFail()
    {
        fields.AtMostOne("Error", "ErrorPath");
        fields.AtMostOne("Cause", "CausePath");
        foreach (var field in new[] { "Error", "Cause" })
        {
            if (!expressions.IsJsonata
                && fields.Raw(field) is DataText { Value: var text }
                && text.StartsWith("$.", StringComparison.Ordinal))
            {
                fields.Problems.Warn(
                    "NO_PATH", $"The value of '{field}' looks like a path; '{field}Path' takes one", fields.At(field));
            }
        }

        return new FailState
        {
            Name = name,
            QueryLanguage = language,
            Error = expressions.ComputableText("Error"),
            Cause = expressions.ComputableText("Cause"),
        };
    }

    private ParallelState ReadParallel()
    {
        fields.Require("Branches");
        var branches = new List<StateGraph>();
        foreach (var branch in fields.Objects("Branches"))
        {
            branch.Allow("StartAt", "States", "Comment");
            if (branch.Require("States", "StartAt")
                && GraphReader.Read(branch, scope.Within(scope.IsExpress)) is { } graph)
            {
                branches.Add(graph);
            }
        }

        var state = new ParallelState
        {
            Name = name,
            QueryLanguage = language,
            Next = ReadNext(),
            Branches = branches,
            IsRace = fields.OneOf("Completion", "ALL", "FIRST") == "FIRST",
            Arguments = expressions.IsJsonata ? expressions.Template("Arguments") : expressions.Template("Parameters"),
        };
        return (ParallelState)WorkingFields.AddTo(state, expressions);
    }
}
