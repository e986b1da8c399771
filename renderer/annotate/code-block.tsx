/** Code behind a fence: plain at once, with colours as soon as they are there; it scrolls inside its block. */
import { Children, Fragment, isValidElement, type ReactNode, useEffect, useState } from "react";
import { type ColouredLine, colourCode } from "./highlighter.ts";

type CodeProps = { readonly className?: string; readonly children?: ReactNode };

export function CodeBlock({ children }: { readonly children: ReactNode }): ReactNode {
  const only = Children.toArray(children)[0];
  const props = isValidElement<CodeProps>(only) ? only.props : undefined;
  const language = /(?:^|\s)language-(\S+)/u.exec(props?.className ?? "")?.[1];
  const code = typeof props?.children === "string" ? props.children : undefined;
  const lines = useColours(code, language);
  return (
    <pre tabIndex={0} dir="ltr">
      {lines === undefined ? (
        children
      ) : (
        <code>
          {lines.map((line, i) => (
            // Lines have no ids and never move.
            <Fragment key={i}>
              {i > 0 && "\n"}
              {line.map((part, k) => (
                <span key={k} style={part.colour === undefined ? undefined : { color: part.colour }}>
                  {part.text}
                </span>
              ))}
            </Fragment>
          ))}
        </code>
      )}
    </pre>
  );
}

function useColours(code: string | undefined, language: string | undefined): readonly ColouredLine[] | undefined {
  const [found, setFound] = useState<{ readonly code: string; readonly lines: readonly ColouredLine[] }>();
  useEffect(() => {
    if (code === undefined || language === undefined) return undefined;
    let isWanted = true;
    // Without colours the code can be read as well.
    colourCode(code, language).then(
      (lines) => {
        if (isWanted && lines !== undefined) setFound({ code, lines });
      },
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [code, language]);
  return found?.code === code ? found?.lines : undefined;
}
