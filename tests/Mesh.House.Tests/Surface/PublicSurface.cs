using Microsoft.CodeAnalysis;

namespace Mesh.House.Tests.Surface;

/// <summary>
/// What users of an assembly can name: a line for each type and below it a line for each member, sorted, without what the compiler adds
/// to a record.
/// </summary>
internal static class PublicSurface
{
    private static readonly SymbolDisplayFormat TypeFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeParamsRefOut,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat MemberFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        memberOptions: SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeRef,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static string Describe(IAssemblySymbol assembly)
    {
        IEnumerable<string> lines = Types(assembly.GlobalNamespace)
            .Select(static type => (Type: type, Name: type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat)))
            .OrderBy(static t => t.Name, StringComparer.Ordinal)
            .SelectMany(static t => t.Type.GetMembers().Where(IsListed).Select(MemberLine).Order(StringComparer.Ordinal).Prepend(TypeLine(t.Type)));

        return string.Join('\n', lines.Append(string.Empty));
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol parent) => parent.GetMembers().SelectMany(static member => member switch
    {
        INamespaceSymbol space => Types(space),
        INamedTypeSymbol type when IsVisible(type) => Types(type).Prepend(type),
        _ => [],
    });

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private static bool IsListed(ISymbol member) => member switch
    {
        INamedTypeSymbol => false,
        IMethodSymbol { MethodKind: MethodKind.PropertyGet or MethodKind.PropertySet or MethodKind.EventAdd or MethodKind.EventRemove } => false,
        IMethodSymbol { MethodKind: MethodKind.Constructor, IsImplicitlyDeclared: true } => false,
        IMethodSymbol { ContainingType.TypeKind: TypeKind.Delegate } => false,
        IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum } => !member.Name.EndsWith("value__", StringComparison.Ordinal),
        _ => IsVisible(member) && !member.GetAttributes().Any(static a => a.AttributeClass?.Name == "CompilerGeneratedAttribute"),
    };

    private static string TypeLine(INamedTypeSymbol type)
    {
        string[] words =
        [
            type.DeclaredAccessibility == Accessibility.Public ? "public" : "protected",
            type is { TypeKind: TypeKind.Class, IsStatic: true } ? "static" : string.Empty,
            type is { TypeKind: TypeKind.Class, IsAbstract: true, IsStatic: false } ? "abstract" : string.Empty,
            type is { TypeKind: TypeKind.Class, IsSealed: true, IsStatic: false } ? "sealed" : string.Empty,
            type.ToDisplayString(TypeFormat),
        ];
        IEnumerable<string> bases = (type.BaseType is { SpecialType: SpecialType.None } parent ? new[] { parent } : [])
            .Concat(type.Interfaces.Where(static i => i.DeclaredAccessibility == Accessibility.Public).OrderBy(static i => i.ToDisplayString(), StringComparer.Ordinal))
            .Select(static t => t.ToDisplayString());
        string line = string.Join(' ', words.Where(static w => w.Length > 0));
        return type.TypeKind is TypeKind.Enum or TypeKind.Delegate || !bases.Any() ? line : $"{line} : {string.Join(", ", bases)}";
    }

    private static string MemberLine(ISymbol member) => "    " + member.ToDisplayString(MemberFormat);
}
