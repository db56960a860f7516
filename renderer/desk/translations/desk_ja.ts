<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
 <context>
  <name>desk</name>
  <message>
   <source>A company</source>
   <translation>会社</translation>
  </message>
  <message>
   <source>A performer without a name</source>
   <translation>名前のない演者</translation>
  </message>
  <message>
   <source>A recording is a file: it has no connection to open again.</source>
   <translation>録画はファイルなので、開き直す接続がありません。</translation>
  </message>
  <message>
   <source>A show needs it.</source>
   <translation>公演に必要です。</translation>
  </message>
  <message>
   <source>A show to learn from</source>
   <translation>学習用の公演</translation>
  </message>
  <message>
   <source>A show was found</source>
   <translation>公演が見つかりました</translation>
  </message>
  <message>
   <source>A stranger</source>
   <translation>未登録の機器</translation>
  </message>
  <message>
   <source>AIR</source>
   <translation>放送</translation>
  </message>
  <message>
   <source>ALL HELD</source>
   <translation>すべて停止</translation>
  </message>
  <message>
   <source>Acknowledge</source>
   <translation>確認</translation>
  </message>
  <message>
   <source>Add a folder or a take (.mcap, .vrma, .bvh)</source>
   <translation>フォルダーかテイクを追加(.mcap、.vrma、.bvh)</translation>
  </message>
  <message>
   <source>Add an avatar or a folder of them (.vrm)</source>
   <translation>アバターかフォルダーを追加(.vrm)</translation>
  </message>
  <message>
   <source>Add output</source>
   <translation>出力を追加</translation>
  </message>
  <message>
   <source>Add rtmp://, srt://, whip+https:// — starts at once</source>
   <translation>rtmp://、srt://、whip+https:// を追加 — すぐに開始</translation>
  </message>
  <message>
   <source>Address of another camera</source>
   <translation>別のカメラのアドレス</translation>
  </message>
  <message>
   <source>Address of another output</source>
   <translation>別の出力のアドレス</translation>
  </message>
  <message>
   <source>Alarm</source>
   <translation>警報</translation>
  </message>
  <message>
   <source>Alarms</source>
   <translation>警報</translation>
  </message>
  <message>
   <source>Another camera</source>
   <translation>別のカメラ</translation>
  </message>
  <message>
   <source>Arrows: saturation and brightness; Page up and down: hue</source>
   <translation>矢印: 彩度と明るさ、Page上下: 色相</translation>
  </message>
  <message>
   <source>Assign</source>
   <translation>割り当て</translation>
  </message>
  <message>
   <source>At the right is what an audience sees. Press 3: a camera comes to preview.</source>
   <translation>右は観客が見る映像です。3を押すとカメラがプレビューに出ます。</translation>
  </message>
  <message>
   <source>Audience</source>
   <translation>観客</translation>
  </message>
  <message>
   <source>Auto</source>
   <translation>自動</translation>
  </message>
  <message>
   <source>Auto-director</source>
   <translation>自動演出</translation>
  </message>
  <message>
   <source>Avatars</source>
   <translation>アバター</translation>
  </message>
  <message>
   <source>BLACK</source>
   <translation>暗転</translation>
  </message>
  <message>
   <source>Back</source>
   <translation>戻る</translation>
  </message>
  <message>
   <source>Bar {bar}</source>
   <translation>{bar}小節</translation>
  </message>
  <message>
   <source>Bar {bar} · left {left}</source>
   <translation>{bar}小節 · 残り{left}</translation>
  </message>
  <message>
   <source>Begin</source>
   <translation>始める</translation>
  </message>
  <message>
   <source>Behind</source>
   <translation>背後</translation>
  </message>
  <message>
   <source>Beside the camera of {who}</source>
   <translation>{who}のカメラと並べて試す</translation>
  </message>
  <message>
   <source>Black off</source>
   <translation>暗転解除</translation>
  </message>
  <message>
   <source>Blackout</source>
   <translation>ブラックアウト</translation>
  </message>
  <message>
   <source>Break</source>
   <translation>間奏</translation>
  </message>
  <message>
   <source>Bridge</source>
   <translation>ブリッジ</translation>
  </message>
  <message>
   <source>Bring this perspective to the front</source>
   <translation>この画面を前に出します</translation>
  </message>
  <message>
   <source>CLEARED</source>
   <translation>解消</translation>
  </message>
  <message>
   <source>Calibrate</source>
   <translation>校正</translation>
  </message>
  <message>
   <source>Calibration</source>
   <translation>キャリブレーション</translation>
  </message>
  <message>
   <source>Call a cue</source>
   <translation>キューを出す</translation>
  </message>
  <message>
   <source>Camera pictures</source>
   <translation>カメラ映像</translation>
  </message>
  <message>
   <source>Camera {number} to preview</source>
   <translation>カメラ{number}をプレビュー</translation>
  </message>
  <message>
   <source>Cameras</source>
   <translation>カメラ</translation>
  </message>
  <message>
   <source>Capture</source>
   <translation>撮影</translation>
  </message>
  <message>
   <source>Cause</source>
   <translation>原因</translation>
  </message>
  <message>
   <source>Change the chosen performer to the chosen avatar on stage, if the show loaded it</source>
   <translation>公演が読み込んだアバターなら、選んだ出演者を舞台でそのアバターに替えます</translation>
  </message>
  <message>
   <source>Change the chosen performer's avatar to its next set of colours on stage</source>
   <translation>選んだ出演者のアバターを舞台で次の色セットに替えます</translation>
  </message>
  <message>
   <source>Channel {channel}: {level}</source>
   <translation>チャンネル{channel}: {level}</translation>
  </message>
  <message>
   <source>Check</source>
   <translation>点検</translation>
  </message>
  <message>
   <source>Check of the file</source>
   <translation>ファイルの点検</translation>
  </message>
  <message>
   <source>Check of this machine</source>
   <translation>この機械の点検</translation>
  </message>
  <message>
   <source>Check the cameras' cables and light.</source>
   <translation>カメラのケーブルと照明を確かめてください。</translation>
  </message>
  <message>
   <source>Check the microphone and its gain.</source>
   <translation>マイクとゲインを確かめてください。</translation>
  </message>
  <message>
   <source>Check the phone, suit or microphone.</source>
   <translation>スマホ、スーツ、マイクを確かめてください。</translation>
  </message>
  <message>
   <source>Check the song's file and the player.</source>
   <translation>曲のファイルと再生を確かめてください。</translation>
  </message>
  <message>
   <source>Checking…</source>
   <translation>点検中…</translation>
  </message>
  <message>
   <source>Choose a bus first: left and right.</source>
   <translation>先に左右キーでバスを選んでください。</translation>
  </message>
  <message>
   <source>Choose a cue in the list first.</source>
   <translation>先にリストでキューを選んでください。</translation>
  </message>
  <message>
   <source>Choose a shot</source>
   <translation>ショットを選ぶ</translation>
  </message>
  <message>
   <source>Choose an avatar and a performer first.</source>
   <translation>先にアバターと演者を選んでください。</translation>
  </message>
  <message>
   <source>Choose an output in the list first.</source>
   <translation>先にリストで出力を選んでください。</translation>
  </message>
  <message>
   <source>Choose an output to see its bit rate.</source>
   <translation>出力を選ぶとビットレートが出ます。</translation>
  </message>
  <message>
   <source>Choose another look.</source>
   <translation>別のルックを選んでください。</translation>
  </message>
  <message>
   <source>Choose somebody of the crew first.</source>
   <translation>先にスタッフを一人選んでください。</translation>
  </message>
  <message>
   <source>Choose the next avatar of the library</source>
   <translation>ライブラリーの次のアバターを選びます</translation>
  </message>
  <message>
   <source>Choose the next bus</source>
   <translation>次のバスを選びます</translation>
  </message>
  <message>
   <source>Choose the next limb</source>
   <translation>次の部位を選びます</translation>
  </message>
  <message>
   <source>Choose the next output</source>
   <translation>次の出力を選びます</translation>
  </message>
  <message>
   <source>Choose the performer for the next press</source>
   <translation>次の操作の演者を選びます</translation>
  </message>
  <message>
   <source>Choose the performer who gets the avatar</source>
   <translation>アバターを受け取る演者を選びます</translation>
  </message>
  <message>
   <source>Choose the previous avatar of the library</source>
   <translation>ライブラリーの前のアバターを選びます</translation>
  </message>
  <message>
   <source>Choose the previous bus</source>
   <translation>前のバスを選びます</translation>
  </message>
  <message>
   <source>Choose the previous limb</source>
   <translation>前の部位を選びます</translation>
  </message>
  <message>
   <source>Choose the previous output</source>
   <translation>前の出力を選びます</translation>
  </message>
  <message>
   <source>Chorus</source>
   <translation>サビ</translation>
  </message>
  <message>
   <source>Click</source>
   <translation>クリック</translation>
  </message>
  <message>
   <source>Click off</source>
   <translation>クリックを切る</translation>
  </message>
  <message>
   <source>Click: to preview. Double click: on air.</source>
   <translation>クリック: プレビュー。ダブルクリック: 放送。</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>閉じる</translation>
  </message>
  <message>
   <source>Close alarms</source>
   <translation>警報を閉じる</translation>
  </message>
  <message>
   <source>Close prompt screen</source>
   <translation>案内画面を閉じる</translation>
  </message>
  <message>
   <source>Close the camera that is tried</source>
   <translation>試しているカメラを閉じます</translation>
  </message>
  <message>
   <source>Close the chosen output's connection and open it again at once</source>
   <translation>選んだ出力の接続を閉じ、すぐに開き直します</translation>
  </message>
  <message>
   <source>Colour</source>
   <translation>色</translation>
  </message>
  <message>
   <source>Colour and position</source>
   <translation>色と位置</translation>
  </message>
  <message>
   <source>Colours</source>
   <translation>色</translation>
  </message>
  <message>
   <source>Confetti</source>
   <translation>紙吹雪</translation>
  </message>
  <message>
   <source>Control</source>
   <translation>進行</translation>
  </message>
  <message>
   <source>Crew</source>
   <translation>スタッフ</translation>
  </message>
  <message>
   <source>Cross</source>
   <translation>交差</translation>
  </message>
  <message>
   <source>Crowd by look</source>
   <translation>観客 ルックに従う</translation>
  </message>
  <message>
   <source>Crowd calm</source>
   <translation>観客 静か</translation>
  </message>
  <message>
   <source>Crowd jumps</source>
   <translation>観客 ジャンプ</translation>
  </message>
  <message>
   <source>Crowd waves</source>
   <translation>観客 ウェーブ</translation>
  </message>
  <message>
   <source>Cue list</source>
   <translation>キューリスト</translation>
  </message>
  <message>
   <source>Cues</source>
   <translation>キュー</translation>
  </message>
  <message>
   <source>Cut</source>
   <translation>カット</translation>
  </message>
  <message>
   <source>Cut to camera {number}</source>
   <translation>カメラ{number}へカット</translation>
  </message>
  <message>
   <source>DMX in</source>
   <translation>DMX入力</translation>
  </message>
  <message>
   <source>DMX levels</source>
   <translation>DMXレベル</translation>
  </message>
  <message>
   <source>DONE</source>
   <translation>完了</translation>
  </message>
  <message>
   <source>Declared and disclosed</source>
   <translation>申告と表示</translation>
  </message>
  <message>
   <source>Desk</source>
   <translation>デスク</translation>
  </message>
  <message>
   <source>Devices found</source>
   <translation>見つかった機器</translation>
  </message>
  <message>
   <source>Director</source>
   <translation>演出</translation>
  </message>
  <message>
   <source>Dissolve</source>
   <translation>ディゾルブ</translation>
  </message>
  <message>
   <source>Dissolve a quarter of a second longer</source>
   <translation>ディゾルブを0.25秒長くします</translation>
  </message>
  <message>
   <source>Dissolve a quarter of a second shorter</source>
   <translation>ディゾルブを0.25秒短くします</translation>
  </message>
  <message>
   <source>Dissolve from program to preview</source>
   <translation>プログラムからプレビューへディゾルブします</translation>
  </message>
  <message>
   <source>Drag a fader; a double click sets it to 0 dB</source>
   <translation>フェーダーをドラッグ、ダブルクリックで0 dB</translation>
  </message>
  <message>
   <source>Drag an avatar to a performer, or press Assign</source>
   <translation>アバターを演者へドラッグするか、割り当てを押す</translation>
  </message>
  <message>
   <source>Dropped</source>
   <translation>欠落</translation>
  </message>
  <message>
   <source>ENDED</source>
   <translation>終了</translation>
  </message>
  <message>
   <source>Edit</source>
   <translation>編集</translation>
  </message>
  <message>
   <source>Edit layout</source>
   <translation>配置を編集</translation>
  </message>
  <message>
   <source>Edit mode: panels can be moved</source>
   <translation>編集モード: パネルを動かせます</translation>
  </message>
  <message>
   <source>Effects</source>
   <translation>効果</translation>
  </message>
  <message>
   <source>Effects and audience</source>
   <translation>効果と観客</translation>
  </message>
  <message>
   <source>Encore desk</source>
   <translation>Encoreデスク</translation>
  </message>
  <message>
   <source>End learning</source>
   <translation>学習を終える</translation>
  </message>
  <message>
   <source>End song</source>
   <translation>曲を終える</translation>
  </message>
  <message>
   <source>End talkback</source>
   <translation>トークバック終了</translation>
  </message>
  <message>
   <source>End the chosen output; the others go on</source>
   <translation>選んだ出力を終えます。他は続きます</translation>
  </message>
  <message>
   <source>End the song: talk follows</source>
   <translation>曲を終えます。トークが続きます</translation>
  </message>
  <message>
   <source>Ends</source>
   <translation>終了予定</translation>
  </message>
  <message>
   <source>Every alarm has been acknowledged.</source>
   <translation>すべての警報を確認しました。</translation>
  </message>
  <message>
   <source>Every idol's licence is held against this.</source>
   <translation>すべてのアイドルのライセンスをこれで判断します。</translation>
  </message>
  <message>
   <source>Everybody may do everything. Name the crew in the document: [[operators]].</source>
   <translation>誰でもすべての操作ができます。文書の[[operators]]にスタッフを書いてください。</translation>
  </message>
  <message>
   <source>Exchange preview and program at once</source>
   <translation>プレビューとプログラムをすぐに入れ替えます</translation>
  </message>
  <message>
   <source>Expiries</source>
   <translation>期限</translation>
  </message>
  <message>
   <source>FAULT</source>
   <translation>障害</translation>
  </message>
  <message>
   <source>Face</source>
   <translation>顔</translation>
  </message>
  <message>
   <source>Fade the picture to black; the sound goes on</source>
   <translation>画面を黒くし、音は続けます</translation>
  </message>
  <message>
   <source>Fade to black</source>
   <translation>暗転</translation>
  </message>
  <message>
   <source>Fade to this look in two seconds</source>
   <translation>2秒でこのルックに変えます</translation>
  </message>
  <message>
   <source>Fan</source>
   <translation>扇</translation>
  </message>
  <message>
   <source>File or folder of avatars</source>
   <translation>アバターのファイルかフォルダー</translation>
  </message>
  <message>
   <source>Fill light</source>
   <translation>フィルライト</translation>
  </message>
  <message>
   <source>Find</source>
   <translation>検索</translation>
  </message>
  <message>
   <source>Find any command by its name, and see its key</source>
   <translation>名前で操作を探し、キーを確かめます</translation>
  </message>
  <message>
   <source>Finish</source>
   <translation>終わる</translation>
  </message>
  <message>
   <source>Finish every output and end the show</source>
   <translation>すべての出力を完了し、公演を終えます</translation>
  </message>
  <message>
   <source>Fire this effect once</source>
   <translation>この効果を一度出します</translation>
  </message>
  <message>
   <source>First Light has songs, five cameras and 40 cues. Nothing goes out yet.</source>
   <translation>First Lightには曲、カメラ5台、キュー40個があります。まだ送出しません。</translation>
  </message>
  <message>
   <source>Floor</source>
   <translation>床</translation>
  </message>
  <message>
   <source>Folder of takes</source>
   <translation>テイクのフォルダー</translation>
  </message>
  <message>
   <source>Follow</source>
   <translation>続けて</translation>
  </message>
  <message>
   <source>For performer {number}</source>
   <translation>演者{number}に</translation>
  </message>
  <message>
   <source>For this show</source>
   <translation>この公演では</translation>
  </message>
  <message>
   <source>Forget the highest peaks</source>
   <translation>最高ピークを消します</translation>
  </message>
  <message>
   <source>Frame rate</source>
   <translation>フレームレート</translation>
  </message>
  <message>
   <source>Free space, or stop a recording.</source>
   <translation>空きを作るか、録画を止めてください。</translation>
  </message>
  <message>
   <source>Freeze</source>
   <translation>静止</translation>
  </message>
  <message>
   <source>Freeze every idol in its pose; press again to release them</source>
   <translation>すべてのアイドルを今の姿勢で止めます。もう一度押すと解除します</translation>
  </message>
  <message>
   <source>Freeze, idle or replace what is lost.</source>
   <translation>消失した部位を静止、休め、または差し替えてください。</translation>
  </message>
  <message>
   <source>From nothing to First Light on air on this machine, in two minutes</source>
   <translation>2分でこの機械からFirst Lightを放送するまで</translation>
  </message>
  <message>
   <source>GO</source>
   <translation>GO</translation>
  </message>
  <message>
   <source>Gain {number} dB</source>
   <translation>ゲイン{number} dB</translation>
  </message>
  <message>
   <source>Give all back</source>
   <translation>すべて戻す</translation>
  </message>
  <message>
   <source>Give every limb back to the performer</source>
   <translation>すべての部位を演者に戻します</translation>
  </message>
  <message>
   <source>Give the audience back to the look</source>
   <translation>観客をルックに任せます</translation>
  </message>
  <message>
   <source>Give the chosen avatar to the chosen performer in the show's document</source>
   <translation>公演の文書で、選んだ演者に選んだアバターを割り当てます</translation>
  </message>
  <message>
   <source>Give the chosen limb back to the performer</source>
   <translation>選んだ部位を演者に戻します</translation>
  </message>
  <message>
   <source>Go live</source>
   <translation>放送開始</translation>
  </message>
  <message>
   <source>Go live all the same</source>
   <translation>責任を負って配信開始</translation>
  </message>
  <message>
   <source>Go live without outputs that fail</source>
   <translation>失敗した出力を除いて開始</translation>
  </message>
  <message>
   <source>Go on air</source>
   <translation>放送する</translation>
  </message>
  <message>
   <source>Go on air with the problems that the check found; your name answers for it in the log</source>
   <translation>確認で見つかった問題があっても配信します。担当者の名前が記録に残ります</translation>
  </message>
  <message>
   <source>Go to where the worst alarm can be dealt with</source>
   <translation>最も重い警報に対処できる場所へ移ります</translation>
  </message>
  <message>
   <source>Go-live check</source>
   <translation>放送前の点検</translation>
  </message>
  <message>
   <source>Good.</source>
   <translation>良好です。</translation>
  </message>
  <message>
   <source>Grand master</source>
   <translation>グランドマスター</translation>
  </message>
  <message>
   <source>Graphics</source>
   <translation>グラフィックス</translation>
  </message>
  <message>
   <source>Hand the cameras to the auto-director, or take them over</source>
   <translation>カメラを自動演出に任せる、または引き取ります</translation>
  </message>
  <message>
   <source>Have the chosen limb be at ease</source>
   <translation>選んだ部位を楽な姿勢にします</translation>
  </message>
  <message>
   <source>Have the chosen limb do what the other does</source>
   <translation>選んだ部位が反対側と同じ動きをします</translation>
  </message>
  <message>
   <source>Have the chosen limb stand as it is shown now</source>
   <translation>選んだ部位を今の見え方で止めます</translation>
  </message>
  <message>
   <source>Have this take of the bin move the chosen limb</source>
   <translation>このテイクが選んだ部位を動かします</translation>
  </message>
  <message>
   <source>Head</source>
   <translation>頭</translation>
  </message>
  <message>
   <source>Heads, back</source>
   <translation>ムービング後</translation>
  </message>
  <message>
   <source>Heads, follow</source>
   <translation>ムービング追尾</translation>
  </message>
  <message>
   <source>Heads, front</source>
   <translation>ムービング前</translation>
  </message>
  <message>
   <source>Heads, house</source>
   <translation>ムービング客席</translation>
  </message>
  <message>
   <source>Heads, ladder</source>
   <translation>ムービング梯子</translation>
  </message>
  <message>
   <source>Hold idols</source>
   <translation>アイドル停止</translation>
  </message>
  <message>
   <source>Hold the song where it is, or go on</source>
   <translation>曲を今の位置で止める、または続けます</translation>
  </message>
  <message>
   <source>Hold the waits of the cue list, or continue them</source>
   <translation>キューリストの待ち時間を止める、または再開します</translation>
  </message>
  <message>
   <source>I myself, for profit</source>
   <translation>自分、営利</translation>
  </message>
  <message>
   <source>I myself, without profit</source>
   <translation>自分、非営利</translation>
  </message>
  <message>
   <source>Idle</source>
   <translation>休め</translation>
  </message>
  <message>
   <source>Intro</source>
   <translation>イントロ</translation>
  </message>
  <message>
   <source>Its own alone</source>
   <translation>自分の色だけ</translation>
  </message>
  <message>
   <source>Its recording cannot be read: no waveform.</source>
   <translation>音源を読めないため、波形がありません。</translation>
  </message>
  <message>
   <source>Its recording is not on this machine: no waveform.</source>
   <translation>音源がこのマシンにないため、波形がありません。</translation>
  </message>
  <message>
   <source>Jets</source>
   <translation>ジェット</translation>
  </message>
  <message>
   <source>Jump to cue</source>
   <translation>キューへ移動</translation>
  </message>
  <message>
   <source>Keep what was done by hand since the last cue as a new cue before standby</source>
   <translation>最後のキュー以降の手動操作を、スタンバイの前の新しいキューとして残します</translation>
  </message>
  <message>
   <source>Key light</source>
   <translation>キーライト</translation>
  </message>
  <message>
   <source>Keys</source>
   <translation>キー</translation>
  </message>
  <message>
   <source>L arm</source>
   <translation>左腕</translation>
  </message>
  <message>
   <source>L hand</source>
   <translation>左手</translation>
  </message>
  <message>
   <source>L leg</source>
   <translation>左脚</translation>
  </message>
  <message>
   <source>Label in the picture</source>
   <translation>画面内の表示</translation>
  </message>
  <message>
   <source>Language</source>
   <translation>言語</translation>
  </message>
  <message>
   <source>Latency</source>
   <translation>遅延</translation>
  </message>
  <message>
   <source>Latency, light to output</source>
   <translation>遅延、光から出力まで</translation>
  </message>
  <message>
   <source>Learn OSC</source>
   <translation>OSC学習</translation>
  </message>
  <message>
   <source>Learn controllers</source>
   <translation>コントローラー学習</translation>
  </message>
  <message>
   <source>Learning: press a control here, then move one of the controller</source>
   <translation>学習中: ここでボタンを押し、コントローラーを動かしてください</translation>
  </message>
  <message>
   <source>Leave the tour</source>
   <translation>ツアーをやめる</translation>
  </message>
  <message>
   <source>Left</source>
   <translation>残り</translation>
  </message>
  <message>
   <source>Length</source>
   <translation>長さ</translation>
  </message>
  <message>
   <source>Let panels be moved, or lock them for the show</source>
   <translation>パネルを動かせるようにする、または公演用に固定します</translation>
  </message>
  <message>
   <source>Let the chosen operator call cues, cameras, songs and outputs</source>
   <translation>選んだオペレーターにキュー、カメラ、曲、出力の操作を許します</translation>
  </message>
  <message>
   <source>Let the chosen operator change the show's document as well</source>
   <translation>選んだオペレーターに文書の変更も許します</translation>
  </message>
  <message>
   <source>Let the chosen operator decide on rights and roles as well</source>
   <translation>選んだオペレーターに権利と役割の決定も許します</translation>
  </message>
  <message>
   <source>Let the chosen operator look at the show</source>
   <translation>選んだオペレーターに閲覧を許します</translation>
  </message>
  <message>
   <source>Let the next take move the whole idol once, not the chosen limb</source>
   <translation>次のテイクが、選んだ部位ではなくアイドル全体を一度動かします</translation>
  </message>
  <message>
   <source>Let the performers hear the click; never the program</source>
   <translation>演者にクリックを聞かせます。プログラムには出ません</translation>
  </message>
  <message>
   <source>Let the performers hear the crew's microphone; never the program</source>
   <translation>演者にスタッフのマイクを聞かせます。プログラムには出ません</translation>
  </message>
  <message>
   <source>Licence, signed</source>
   <translation>署名済みライセンス</translation>
  </message>
  <message>
   <source>Lights</source>
   <translation>照明</translation>
  </message>
  <message>
   <source>Live</source>
   <translation>ライブ</translation>
  </message>
  <message>
   <source>Lock layout</source>
   <translation>配置を固定</translation>
  </message>
  <message>
   <source>Log</source>
   <translation>記録</translation>
  </message>
  <message>
   <source>Longer dissolve</source>
   <translation>ディゾルブを長く</translation>
  </message>
  <message>
   <source>Look again</source>
   <translation>探し直す</translation>
  </message>
  <message>
   <source>Look {number}</source>
   <translation>ルック{number}</translation>
  </message>
  <message>
   <source>Looking for cameras, microphones, graphics and encoders…</source>
   <translation>カメラ、マイク、グラフィック、エンコーダーを探しています…</translation>
  </message>
  <message>
   <source>Looking for it. What you see is the last that it told.</source>
   <translation>探しています。表示は最後の状態です。</translation>
  </message>
  <message>
   <source>Looks</source>
   <translation>ルック</translation>
  </message>
  <message>
   <source>Louder</source>
   <translation>大きく</translation>
  </message>
  <message>
   <source>Lower the chosen bus by {number} dB</source>
   <translation>選んだバスを{number} dB下げます</translation>
  </message>
  <message>
   <source>Lower the grand master by 5 %</source>
   <translation>グランドマスターを5 %下げます</translation>
  </message>
  <message>
   <source>MIDI ports</source>
   <translation>MIDIポート</translation>
  </message>
  <message>
   <source>Machines</source>
   <translation>ほかのコンピューター</translation>
  </message>
  <message>
   <source>Master</source>
   <translation>マスター</translation>
  </message>
  <message>
   <source>Master down</source>
   <translation>マスター下げ</translation>
  </message>
  <message>
   <source>Master full</source>
   <translation>マスター全開</translation>
  </message>
  <message>
   <source>Master up</source>
   <translation>マスター上げ</translation>
  </message>
  <message>
   <source>Microphones</source>
   <translation>マイク</translation>
  </message>
  <message>
   <source>Mirror</source>
   <translation>ミラー</translation>
  </message>
  <message>
   <source>Mixer</source>
   <translation>ミキサー</translation>
  </message>
  <message>
   <source>Move the control for {title} now.</source>
   <translation>{title} に使うコントロールを今動かしてください。</translation>
  </message>
  <message>
   <source>Move the grand master with the arrows, or drag it</source>
   <translation>矢印キーかドラッグでグランドマスターを動かします</translation>
  </message>
  <message>
   <source>Move the transition by hand: with the arrows, or drag it</source>
   <translation>矢印キーかドラッグで切り替えを手で動かします</translation>
  </message>
  <message>
   <source>Mute</source>
   <translation>ミュート</translation>
  </message>
  <message>
   <source>Mute the chosen bus, or open it again</source>
   <translation>選んだバスをミュート、または解除します</translation>
  </message>
  <message>
   <source>My own</source>
   <translation>自分用</translation>
  </message>
  <message>
   <source>NEXT</source>
   <translation>次</translation>
  </message>
  <message>
   <source>NO CONTACT</source>
   <translation>応答なし</translation>
  </message>
  <message>
   <source>NO SHOW</source>
   <translation>公演なし</translation>
  </message>
  <message>
   <source>NOTICE</source>
   <translation>通知</translation>
  </message>
  <message>
   <source>Name of a new show</source>
   <translation>新しい公演の名前</translation>
  </message>
  <message>
   <source>Name of the studio or performer</source>
   <translation>スタジオか演者の名前</translation>
  </message>
  <message>
   <source>Network addresses</source>
   <translation>ネットワークアドレス</translation>
  </message>
  <message>
   <source>New show</source>
   <translation>新しい公演</translation>
  </message>
  <message>
   <source>Next avatar</source>
   <translation>次のアバター</translation>
  </message>
  <message>
   <source>Next bus</source>
   <translation>次のバス</translation>
  </message>
  <message>
   <source>Next colours</source>
   <translation>次の色</translation>
  </message>
  <message>
   <source>Next limb</source>
   <translation>次の部位</translation>
  </message>
  <message>
   <source>Next output</source>
   <translation>次の出力</translation>
  </message>
  <message>
   <source>Next song</source>
   <translation>次の曲</translation>
  </message>
  <message>
   <source>No DMX arrives. Let the document listen: [[control.dmx]], docs/control.md.</source>
   <translation>DMXが届きません。文書の[[control.dmx]]で受けてください: docs/control.md</translation>
  </message>
  <message>
   <source>No alarm has a place of its own.</source>
   <translation>場所のある警報はありません。</translation>
  </message>
  <message>
   <source>No avatars. Add a .vrm file below.</source>
   <translation>アバターがありません。下で.vrmを追加してください。</translation>
  </message>
  <message>
   <source>No camera is on preview. Press the key of one.</source>
   <translation>プレビューにカメラがありません。カメラのキーを押してください。</translation>
  </message>
  <message>
   <source>No camera is tried. Type its address.</source>
   <translation>試しているカメラがありません。アドレスを入力してください。</translation>
  </message>
  <message>
   <source>No camera picture</source>
   <translation>カメラ映像なし</translation>
  </message>
  <message>
   <source>No cameras. Give the show a document with [[cameras]]: docs/directing.md.</source>
   <translation>カメラがありません。[[cameras]]のある文書を渡してください: docs/directing.md</translation>
  </message>
  <message>
   <source>No command is called that. Try a shorter word.</source>
   <translation>その名前の操作はありません。短い言葉で試してください。</translation>
  </message>
  <message>
   <source>No cue list</source>
   <translation>キューリストなし</translation>
  </message>
  <message>
   <source>No cues. Give the show's document [[cue_lists]], or record what you do: R.</source>
   <translation>キューがありません。文書に[[cue_lists]]を加えるか、Rで操作を記録してください。</translation>
  </message>
  <message>
   <source>No frame has been drawn yet.</source>
   <translation>まだフレームが描かれていません。</translation>
  </message>
  <message>
   <source>No live input: nothing has a latency.</source>
   <translation>ライブ入力がないため、遅延はありません。</translation>
  </message>
  <message>
   <source>No look of the document is on. Choose one, and its colours are here.</source>
   <translation>文書のルックが出ていません。選ぶと色が出ます。</translation>
  </message>
  <message>
   <source>No looks. Give the show's document [[looks]]: docs/directing.md.</source>
   <translation>ルックがありません。文書に[[looks]]を加えてください: docs/directing.md</translation>
  </message>
  <message>
   <source>No performers. Give the show an input: encore show --input camera:0.</source>
   <translation>演者がいません。入力を渡してください: encore show --input camera:0</translation>
  </message>
  <message>
   <source>No picture</source>
   <translation>画像なし</translation>
  </message>
  <message>
   <source>No program picture. Start a show: F9.</source>
   <translation>プログラム映像がありません。F9で公演を始めてください。</translation>
  </message>
  <message>
   <source>No show is judged yet. Its avatars' licences are shown here.</source>
   <translation>まだ判定した公演がありません。アバターのライセンスがここに出ます。</translation>
  </message>
  <message>
   <source>No show is open. Its idols' licences and their ends are listed here.</source>
   <translation>開いている公演がありません。アイドルのライセンス期限がここに並びます。</translation>
  </message>
  <message>
   <source>No show is open. Start one, and its performers are listed here.</source>
   <translation>開いている公演がありません。始めると演者がここに並びます。</translation>
  </message>
  <message>
   <source>No show is running</source>
   <translation>進行中の公演がありません</translation>
  </message>
  <message>
   <source>No show is running. Start one from the start page.</source>
   <translation>進行中の公演がありません。開始画面から始めてください。</translation>
  </message>
  <message>
   <source>No show to check. Start one from the start page: F9.</source>
   <translation>点検する公演がありません。開始画面(F9)から始めてください。</translation>
  </message>
  <message>
   <source>No shows yet. Make one below.</source>
   <translation>まだ公演がありません。下で作ってください。</translation>
  </message>
  <message>
   <source>No song plays.</source>
   <translation>再生中の曲はありません。</translation>
  </message>
  <message>
   <source>No song plays. Give the show's document [[songs]] with a file and its beat.</source>
   <translation>再生中の曲がありません。文書にファイルと拍のある[[songs]]を加えてください。</translation>
  </message>
  <message>
   <source>No songs. Give the show's document [[songs]].</source>
   <translation>曲がありません。文書に[[songs]]を加えてください。</translation>
  </message>
  <message>
   <source>No takes. Record one (encore show --take), or add a folder below.</source>
   <translation>テイクがありません。記録するか(encore show --take)、下でフォルダーを追加してください。</translation>
  </message>
  <message>
   <source>No-go: {thing}, {fault}. Mend it, or answer for it by name (Outputs, go-live check).</source>
   <translation>配信不可: {thing}、{fault}。直すか、名前を出して責任を負ってください（出力、配信前の確認）。</translation>
  </message>
  <message>
   <source>None. Add a phone, a suit or a microphone: encore show --face, --suit, --voice.</source>
   <translation>なし。スマホ、スーツ、マイクを追加してください: encore show --face、--suit、--voice</translation>
  </message>
  <message>
   <source>None. Pair another machine: encore pair.</source>
   <translation>ありません。ほかのコンピューターをペアリング: encore pair。</translation>
  </message>
  <message>
   <source>Note: {note}</source>
   <translation>メモ: {note}</translation>
  </message>
  <message>
   <source>Notes</source>
   <translation>メモ</translation>
  </message>
  <message>
   <source>Nothing goes out yet. Type an address below, or plan outputs in the document.</source>
   <translation>まだ送出がありません。下にアドレスを書くか、文書で出力を予定してください。</translation>
  </message>
  <message>
   <source>Nothing goes out. Plan outputs in the show's document, or add one: F4.</source>
   <translation>送出がありません。文書で出力を予定するか、F4で追加してください。</translation>
  </message>
  <message>
   <source>Nothing has been edited.</source>
   <translation>編集はありません。</translation>
  </message>
  <message>
   <source>Nothing has been undone.</source>
   <translation>元に戻した編集はありません。</translation>
  </message>
  <message>
   <source>Nothing has happened yet. The whole evening is in the journal: encore log.</source>
   <translation>まだ何も起きていません。全記録は encore log にあります。</translation>
  </message>
  <message>
   <source>Nothing is declared yet: [rights] in the show's document.</source>
   <translation>まだ申告がありません。文書の[rights]に書いてください。</translation>
  </message>
  <message>
   <source>Nothing is wrong.</source>
   <translation>問題はありません。</translation>
  </message>
  <message>
   <source>Nothing stands in the way: go live.</source>
   <translation>妨げるものはありません。配信を始めてください。</translation>
  </message>
  <message>
   <source>Now</source>
   <translation>現在</translation>
  </message>
  <message>
   <source>OFF AIR</source>
   <translation>放送外</translation>
  </message>
  <message>
   <source>ON AIR</source>
   <translation>放送中</translation>
  </message>
  <message>
   <source>On air, here alone</source>
   <translation>この機械だけで放送</translation>
  </message>
  <message>
   <source>One moment, please</source>
   <translation>少しお待ちください</translation>
  </message>
  <message>
   <source>Open</source>
   <translation>開く</translation>
  </message>
  <message>
   <source>Open a file: show.toml</source>
   <translation>ファイルを開く: show.toml</translation>
  </message>
  <message>
   <source>Open the camera again, or another in its place.</source>
   <translation>カメラを開き直すか、別のカメラに替えてください。</translation>
  </message>
  <message>
   <source>Open the chosen performer's camera again</source>
   <translation>選んだ演者のカメラを開き直します</translation>
  </message>
  <message>
   <source>Open the start page; a running show goes on</source>
   <translation>開始画面を開きます。進行中の公演は続きます</translation>
  </message>
  <message>
   <source>Other programs may refuse the file.</source>
   <translation>ほかのソフトがファイルを拒むことがあります。</translation>
  </message>
  <message>
   <source>Others are files of the same avatar: palettes in the show's document.</source>
   <translation>ほかの色は同じアバターの別ファイルです：公演文書の palettes。</translation>
  </message>
  <message>
   <source>Output</source>
   <translation>出力</translation>
  </message>
  <message>
   <source>Outputs</source>
   <translation>出力</translation>
  </message>
  <message>
   <source>Outro</source>
   <translation>アウトロ</translation>
  </message>
  <message>
   <source>PGM</source>
   <translation>PGM</translation>
  </message>
  <message>
   <source>PREVIEW</source>
   <translation>プレビュー</translation>
  </message>
  <message>
   <source>PROGRAM</source>
   <translation>プログラム</translation>
  </message>
  <message>
   <source>PROGRAM · ON AIR</source>
   <translation>プログラム · 放送中</translation>
  </message>
  <message>
   <source>Pause</source>
   <translation>一時停止</translation>
  </message>
  <message>
   <source>Pause song</source>
   <translation>曲を一時停止</translation>
  </message>
  <message>
   <source>Performer {number}</source>
   <translation>演者{number}</translation>
  </message>
  <message>
   <source>Performers</source>
   <translation>出演者</translation>
  </message>
  <message>
   <source>Permission by</source>
   <translation>許可した人</translation>
  </message>
  <message>
   <source>Phones, suits, voices</source>
   <translation>スマホ、スーツ、声</translation>
  </message>
  <message>
   <source>Ports of trackers</source>
   <translation>トラッカーのポート</translation>
  </message>
  <message>
   <source>Position of the look's base</source>
   <translation>元のルックの位置</translation>
  </message>
  <message>
   <source>Position of the moving heads</source>
   <translation>ムービングの位置</translation>
  </message>
  <message>
   <source>Press Return: preview and program change places.</source>
   <translation>Returnを押すとプレビューとプログラムが入れ替わります。</translation>
  </message>
  <message>
   <source>Press a control of the desk, then move one of the MIDI controller: it is bound</source>
   <translation>デスクのボタンを押してから MIDI コントローラーを動かすと割り当てられます</translation>
  </message>
  <message>
   <source>Press a control of the desk, then send an OSC message: its address is bound</source>
   <translation>デスクの操作を押してからOSCメッセージを送ると、そのアドレスが割り当てられます</translation>
  </message>
  <message>
   <source>Previous</source>
   <translation>前へ</translation>
  </message>
  <message>
   <source>Previous avatar</source>
   <translation>前のアバター</translation>
  </message>
  <message>
   <source>Previous bus</source>
   <translation>前のバス</translation>
  </message>
  <message>
   <source>Previous limb</source>
   <translation>前の部位</translation>
  </message>
  <message>
   <source>Previous output</source>
   <translation>前の出力</translation>
  </message>
  <message>
   <source>Program</source>
   <translation>プログラム</translation>
  </message>
  <message>
   <source>Programs may read it differently.</source>
   <translation>ソフトにより読み方が異なることがあります。</translation>
  </message>
  <message>
   <source>Prompt for the performer</source>
   <translation>出演者への案内</translation>
  </message>
  <message>
   <source>Prompt screen</source>
   <translation>案内画面</translation>
  </message>
  <message>
   <source>Put the camera on air at once</source>
   <translation>カメラをすぐに放送に出します</translation>
  </message>
  <message>
   <source>Put the camera on preview</source>
   <translation>カメラをプレビューに出します</translation>
  </message>
  <message>
   <source>Put the camera that is tried in the place of the one in use, without a gap</source>
   <translation>試しているカメラに途切れなく切り替えます</translation>
  </message>
  <message>
   <source>Put the chosen cue on standby</source>
   <translation>選んだキューをスタンバイにします</translation>
  </message>
  <message>
   <source>Put the next cue on standby without running this one</source>
   <translation>このキューを実行せず、次をスタンバイにします</translation>
  </message>
  <message>
   <source>Put the previous cue on standby</source>
   <translation>前のキューをスタンバイにします</translation>
  </message>
  <message>
   <source>Put the program on air with every planned output</source>
   <translation>予定したすべての出力でプログラムを放送します</translation>
  </message>
  <message>
   <source>Put the prompt screen where the performer reads it, then calibrate.</source>
   <translation>演者が読める場所にプロンプト画面を置いてから始めます。</translation>
  </message>
  <message>
   <source>R arm</source>
   <translation>右腕</translation>
  </message>
  <message>
   <source>R hand</source>
   <translation>右手</translation>
  </message>
  <message>
   <source>R leg</source>
   <translation>右脚</translation>
  </message>
  <message>
   <source>Raise the chosen bus by {number} dB</source>
   <translation>選んだバスを{number} dB上げます</translation>
  </message>
  <message>
   <source>Raise the grand master by 5 %</source>
   <translation>グランドマスターを5 %上げます</translation>
  </message>
  <message>
   <source>Raise the grand master to 100 % in half a second</source>
   <translation>0.5秒でグランドマスターを100 %に上げます</translation>
  </message>
  <message>
   <source>Reconnects</source>
   <translation>再接続</translation>
  </message>
  <message>
   <source>Record</source>
   <translation>録画</translation>
  </message>
  <message>
   <source>Record the program to a new file</source>
   <translation>プログラムを新しいファイルに録画します</translation>
  </message>
  <message>
   <source>Record what I do</source>
   <translation>操作を記録</translation>
  </message>
  <message>
   <source>Redo</source>
   <translation>やり直す</translation>
  </message>
  <message>
   <source>Redo the edit that was undone last</source>
   <translation>最後に元に戻した編集をやり直します</translation>
  </message>
  <message>
   <source>Rehearse, nothing goes out</source>
   <translation>リハーサル、送出なし</translation>
  </message>
  <message>
   <source>Release idols</source>
   <translation>停止解除</translation>
  </message>
  <message>
   <source>Reopen camera</source>
   <translation>カメラを開き直す</translation>
  </message>
  <message>
   <source>Reset peaks</source>
   <translation>ピークをリセット</translation>
  </message>
  <message>
   <source>Resume</source>
   <translation>再開</translation>
  </message>
  <message>
   <source>Resume song</source>
   <translation>曲を再開</translation>
  </message>
  <message>
   <source>Retry</source>
   <translation>再試行</translation>
  </message>
  <message>
   <source>Return</source>
   <translation>リターン</translation>
  </message>
  <message>
   <source>Return to the camera that the chosen performer had before it was replaced</source>
   <translation>選んだ演者の前のカメラに戻ります</translation>
  </message>
  <message>
   <source>Return to the state before the cue that ran last</source>
   <translation>最後のキューの前の状態に戻ります</translation>
  </message>
  <message>
   <source>Rights</source>
   <translation>権利</translation>
  </message>
  <message>
   <source>Rights of this show</source>
   <translation>この公演の権利</translation>
  </message>
  <message>
   <source>Rim left</source>
   <translation>リム左</translation>
  </message>
  <message>
   <source>Rim right</source>
   <translation>リム右</translation>
  </message>
  <message>
   <source>SLATE</source>
   <translation>待機画面</translation>
  </message>
  <message>
   <source>STANDBY</source>
   <translation>スタンバイ</translation>
  </message>
  <message>
   <source>STARTING</source>
   <translation>開始中</translation>
  </message>
  <message>
   <source>STOPPING</source>
   <translation>終了中</translation>
  </message>
  <message>
   <source>Save show</source>
   <translation>公演を保存</translation>
  </message>
  <message>
   <source>Say first who sits at this desk: F9.</source>
   <translation>まずこのデスクの担当者を入力してください: F9。</translation>
  </message>
  <message>
   <source>See the output's row for its reason; retry or stop it.</source>
   <translation>出力の行で理由を見て、再試行か停止をしてください。</translation>
  </message>
  <message>
   <source>Set the chosen bus to {number} dB</source>
   <translation>選んだバスを{number} dBにします</translation>
  </message>
  <message>
   <source>Setlist</source>
   <translation>セットリスト</translation>
  </message>
  <message>
   <source>Shorter dissolve</source>
   <translation>ディゾルブを短く</translation>
  </message>
  <message>
   <source>Show</source>
   <translation>公演</translation>
  </message>
  <message>
   <source>Show camera</source>
   <translation>カメラを表示</translation>
  </message>
  <message>
   <source>Show lights</source>
   <translation>照明を表示</translation>
  </message>
  <message>
   <source>Show mode, layout locked</source>
   <translation>公演モード、配置固定</translation>
  </message>
  <message>
   <source>Show or hide the list of alarms</source>
   <translation>警報の一覧を表示または隠します</translation>
  </message>
  <message>
   <source>Show or hide the notes of the cues</source>
   <translation>キューのメモを表示または隠します</translation>
  </message>
  <message>
   <source>Show output</source>
   <translation>出力を表示</translation>
  </message>
  <message>
   <source>Show place</source>
   <translation>場所を表示</translation>
  </message>
  <message>
   <source>Show rights</source>
   <translation>権利を表示</translation>
  </message>
  <message>
   <source>Show sound</source>
   <translation>音声を表示</translation>
  </message>
  <message>
   <source>Show the licence, or let the idol leave.</source>
   <translation>ライセンスを示すか、アイドルを退場させてください。</translation>
  </message>
  <message>
   <source>Show the performer what to do, on a second screen where there is one</source>
   <translation>出演者がすることを表示します。二つ目の画面があればそこに出します</translation>
  </message>
  <message>
   <source>Show the slate instead of the program and stop all cues</source>
   <translation>プログラムの代わりに待機画面を出し、すべてのキューを止めます</translation>
  </message>
  <message>
   <source>Shows</source>
   <translation>公演</translation>
  </message>
  <message>
   <source>Shows and devices</source>
   <translation>公演と機器</translation>
  </message>
  <message>
   <source>Sides</source>
   <translation>両脇</translation>
  </message>
  <message>
   <source>Skip</source>
   <translation>スキップ</translation>
  </message>
  <message>
   <source>Slate</source>
   <translation>待機画面</translation>
  </message>
  <message>
   <source>Slate off</source>
   <translation>待機画面を消す</translation>
  </message>
  <message>
   <source>Softer</source>
   <translation>小さく</translation>
  </message>
  <message>
   <source>Song</source>
   <translation>曲</translation>
  </message>
  <message>
   <source>Sound</source>
   <translation>音声</translation>
  </message>
  <message>
   <source>Sound outputs</source>
   <translation>音声出力</translation>
  </message>
  <message>
   <source>Space is GO: it runs the next cue of the list.</source>
   <translation>スペースはGOです。リストの次のキューを実行します。</translation>
  </message>
  <message>
   <source>Sparks</source>
   <translation>火花</translation>
  </message>
  <message>
   <source>Stand by</source>
   <translation>スタンバイ</translation>
  </message>
  <message>
   <source>Start</source>
   <translation>開始</translation>
  </message>
  <message>
   <source>Start First Light</source>
   <translation>First Lightを開始</translation>
  </message>
  <message>
   <source>Start one on the start page (F9); the desk finds every show of this machine by itself.</source>
   <translation>開始画面(F9)で始めてください。この機械の公演はデスクが自分で見つけます。</translation>
  </message>
  <message>
   <source>Start song</source>
   <translation>曲を開始</translation>
  </message>
  <message>
   <source>Start the chosen cue with the state that all cues before it leave</source>
   <translation>前のすべてのキューが残す状態で、選んだキューを始めます</translation>
  </message>
  <message>
   <source>Start the chosen output; the others go on</source>
   <translation>選んだ出力を始めます。他は続きます</translation>
  </message>
  <message>
   <source>Start the cue on standby</source>
   <translation>スタンバイのキューを始めます</translation>
  </message>
  <message>
   <source>Start the next song of the setlist at once</source>
   <translation>セットリストの次の曲をすぐに始めます</translation>
  </message>
  <message>
   <source>Start the song that is next in the setlist</source>
   <translation>セットリストの次の曲を始めます</translation>
  </message>
  <message>
   <source>State</source>
   <translation>状態</translation>
  </message>
  <message>
   <source>Stop</source>
   <translation>停止</translation>
  </message>
  <message>
   <source>Stop calibration</source>
   <translation>調整を中止</translation>
  </message>
  <message>
   <source>Stop every list, and turn the stage's light off at once</source>
   <translation>すべてのリストを止め、舞台の照明をすぐに消します</translation>
  </message>
  <message>
   <source>Stop recording</source>
   <translation>録画停止</translation>
  </message>
  <message>
   <source>Stop show</source>
   <translation>公演を終了</translation>
  </message>
  <message>
   <source>Stop the streams; a recording continues</source>
   <translation>配信を止めます。録画は続きます</translation>
  </message>
  <message>
   <source>Swap</source>
   <translation>切替</translation>
  </message>
  <message>
   <source>Sweep</source>
   <translation>スイープ</translation>
  </message>
  <message>
   <source>T-bar</source>
   <translation>Tバー</translation>
  </message>
  <message>
   <source>Take bin</source>
   <translation>テイク置き場</translation>
  </message>
  <message>
   <source>Take care of the worst alarm; it stays until its cause goes</source>
   <translation>最も重い警報を引き受けます。原因がなくなるまで残ります</translation>
  </message>
  <message>
   <source>Take off air</source>
   <translation>放送を止める</translation>
  </message>
  <message>
   <source>Take {number} on limb</source>
   <translation>テイク{number}を適用</translation>
  </message>
  <message>
   <source>Takes on whole idol</source>
   <translation>テイクを全身に</translation>
  </message>
  <message>
   <source>Talk</source>
   <translation>トーク</translation>
  </message>
  <message>
   <source>Talkback</source>
   <translation>トークバック</translation>
  </message>
  <message>
   <source>Ten seconds with the performer: relax, smile, open, close, look around</source>
   <translation>演者と10秒: 力を抜く、笑う、開く、閉じる、見回す</translation>
  </message>
  <message>
   <source>Terms of the file, unsigned</source>
   <translation>ファイルの条件、署名なし</translation>
  </message>
  <message>
   <source>Territories</source>
   <translation>地域</translation>
  </message>
  <message>
   <source>Thank you, that is all</source>
   <translation>ありがとうございます、終わりです</translation>
  </message>
  <message>
   <source>That did not work yet</source>
   <translation>まだうまくいっていません</translation>
  </message>
  <message>
   <source>The audience jumps</source>
   <translation>観客が跳びます</translation>
  </message>
  <message>
   <source>The audience stands still</source>
   <translation>観客が静かに立ちます</translation>
  </message>
  <message>
   <source>The audience waves</source>
   <translation>観客が手を振ります</translation>
  </message>
  <message>
   <source>The avatar has no other colours. Give it palettes in the show's document.</source>
   <translation>アバターにほかの色がありません。公演文書に palettes を書いてください。</translation>
  </message>
  <message>
   <source>The avatar is being read; its card comes in some seconds.</source>
   <translation>アバターを読み込み中です。まもなくカードが出ます。</translation>
  </message>
  <message>
   <source>The avatar is still being checked. Wait for its verdict.</source>
   <translation>アバターを確認中です。判定をお待ちください。</translation>
  </message>
  <message>
   <source>The camera that is tried gives no picture yet.</source>
   <translation>試しているカメラの映像がまだ来ません。</translation>
  </message>
  <message>
   <source>The check begins when the devices are listed…</source>
   <translation>機器の一覧の後に点検を始めます…</translation>
  </message>
  <message>
   <source>The cue list is at its end.</source>
   <translation>キューリストは終わりです。</translation>
  </message>
  <message>
   <source>The desk cannot follow a show</source>
   <translation>デスクは公演に追従できません</translation>
  </message>
  <message>
   <source>The desk has these keys itself: {keys}.</source>
   <translation>デスクが既に使うキー: {keys}。</translation>
  </message>
  <message>
   <source>The desk shows a concert and calls it; the show runs beside it, and goes on if this window closes. The tour takes two minutes.</source>
   <translation>デスクは公演を映し、進行します。公演は別に動き、この窓を閉じても続きます。ツアーは2分です。</translation>
  </message>
  <message>
   <source>The desk waits here for it.</source>
   <translation>ここで待ちます。</translation>
  </message>
  <message>
   <source>The desk waits here for the next one.</source>
   <translation>次の公演をここで待ちます。</translation>
  </message>
  <message>
   <source>The devices could not be listed</source>
   <translation>機器を一覧できませんでした</translation>
  </message>
  <message>
   <source>The document has the new avatar; a running show takes it when it starts again.</source>
   <translation>文書に新しいアバターが入りました。進行中の公演には次の開始時に反映します。</translation>
  </message>
  <message>
   <source>The face is calibrated.</source>
   <translation>顔は校正済みです。</translation>
  </message>
  <message>
   <source>The face is not calibrated.</source>
   <translation>顔は校正されていません。</translation>
  </message>
  <message>
   <source>The face was calibrated. Repeat it after a change.</source>
   <translation>顔は調整済みです。変更があればもう一度行います。</translation>
  </message>
  <message>
   <source>The file</source>
   <translation>ファイル</translation>
  </message>
  <message>
   <source>The file keeps to its format, and has what a show needs.</source>
   <translation>ファイルは形式に沿い、公演に必要なものがそろっています。</translation>
  </message>
  <message>
   <source>The idol holds its last pose; see the log.</source>
   <translation>アイドルは最後の姿勢のままです。記録を見てください。</translation>
  </message>
  <message>
   <source>The machine could not be checked</source>
   <translation>機械を点検できませんでした</translation>
  </message>
  <message>
   <source>The performer's camera cannot be opened again: it is a file or another desk's.</source>
   <translation>演者のカメラは開き直せません。ファイルか、別のデスクのものです。</translation>
  </message>
  <message>
   <source>The performer's camera has not been replaced.</source>
   <translation>演者のカメラは切り替えられていません。</translation>
  </message>
  <message>
   <source>The picture comes in a moment.</source>
   <translation>映像はまもなく届きます。</translation>
  </message>
  <message>
   <source>The picture follows your hand; at the other end preview and program change places</source>
   <translation>映像が手に従います。反対の端でプレビューとプログラムが入れ替わります</translation>
  </message>
  <message>
   <source>The recordings folder {folder} cannot be made ({why}).</source>
   <translation>録画フォルダー{folder}を作れません({why})。</translation>
  </message>
  <message>
   <source>The show could not be started: {program} cannot be run.</source>
   <translation>公演を開始できません: {program}を実行できません。</translation>
  </message>
  <message>
   <source>The show has ended</source>
   <translation>公演が終わりました</translation>
  </message>
  <message>
   <source>The show has no bus “{name}”. Give its document [sound].</source>
   <translation>公演にバス「{name}」がありません。文書に[sound]を加えてください。</translation>
  </message>
  <message>
   <source>The show has no camera {number}.</source>
   <translation>公演にカメラ{number}がありません。</translation>
  </message>
  <message>
   <source>The show has no look {number}.</source>
   <translation>公演にルック{number}がありません。</translation>
  </message>
  <message>
   <source>The show has no performers.</source>
   <translation>公演に演者がいません。</translation>
  </message>
  <message>
   <source>The show has stopped answering</source>
   <translation>公演が応答しません</translation>
  </message>
  <message>
   <source>The show is not on air.</source>
   <translation>放送中ではありません。</translation>
  </message>
  <message>
   <source>The show is not on air. Go live first: every planned output starts then.</source>
   <translation>放送中ではありません。先に放送を始めると、予定の出力がすべて始まります。</translation>
  </message>
  <message>
   <source>The show is on air.</source>
   <translation>配信中です。</translation>
  </message>
  <message>
   <source>The show is over.</source>
   <translation>公演は終わりました。</translation>
  </message>
  <message>
   <source>The show is starting; the desk follows it when it answers.</source>
   <translation>公演を開始中です。応答すればデスクが追従します。</translation>
  </message>
  <message>
   <source>The show sends its song as it is. Give its document [sound] or microphones for faders and meters: docs/sound.md.</source>
   <translation>曲をそのまま送っています。フェーダーとメーターには文書の[sound]かマイクが必要です: docs/sound.md</translation>
  </message>
  <message>
   <source>The stream goes to a folder of this machine: {folder}</source>
   <translation>配信はこの機械のフォルダーに入ります: {folder}</translation>
  </message>
  <message>
   <source>The system's language</source>
   <translation>システムの言語</translation>
  </message>
  <message>
   <source>The take bin has no take {number}.</source>
   <translation>テイク置き場にテイク{number}がありません。</translation>
  </message>
  <message>
   <source>The waveform comes in a moment.</source>
   <translation>波形はまもなく表示されます。</translation>
  </message>
  <message>
   <source>They are tried again while the others are on air; else one that fails stops all</source>
   <translation>他を放送しながら再試行します。さもなければ一つの失敗ですべて止まります</translation>
  </message>
  <message>
   <source>This show has no MIDI controller. Give its document [control.midi].</source>
   <translation>この公演には MIDI コントローラーがありません。文書に [control.midi] を書いてください。</translation>
  </message>
  <message>
   <source>This show has no cues. Give it a document with looks, cameras or cue lists.</source>
   <translation>この公演にはキューがありません。ルック、カメラ、キューリストのある文書を渡してください。</translation>
  </message>
  <message>
   <source>This show has no document to edit.</source>
   <translation>この公演には編集できる文書がありません。</translation>
  </message>
  <message>
   <source>This show has no mixer. Give its document [sound] or microphones.</source>
   <translation>この公演にはミキサーがありません。文書に[sound]かマイクを加えてください。</translation>
  </message>
  <message>
   <source>This show has no songs. Give its document [[songs]].</source>
   <translation>この公演には曲がありません。文書に[[songs]]を加えてください。</translation>
  </message>
  <message>
   <source>This show receives no OSC. Give its document [control.osc].</source>
   <translation>この公演はOSCを受信していません。文書に[control.osc]を書いてください。</translation>
  </message>
  <message>
   <source>Time of a frame</source>
   <translation>フレームの時間</translation>
  </message>
  <message>
   <source>Torso</source>
   <translation>胴</translation>
  </message>
  <message>
   <source>Tour</source>
   <translation>ツアー</translation>
  </message>
  <message>
   <source>Type a command: cut, slate, output…</source>
   <translation>操作を入力: カット、待機画面、出力…</translation>
  </message>
  <message>
   <source>Type the address of a camera, and look at it first.</source>
   <translation>カメラのアドレスを入力し、まず確認します。</translation>
  </message>
  <message>
   <source>Type the address of another output; on air it starts alone</source>
   <translation>別の出力のアドレスを入力します。放送中はそれだけが始まります</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>元に戻す</translation>
  </message>
  <message>
   <source>Undo the newest edit of the show's document</source>
   <translation>公演の文書の最新の編集を元に戻します</translation>
  </message>
  <message>
   <source>Universe {number}</source>
   <translation>ユニバース{number}</translation>
  </message>
  <message>
   <source>Unreadable messages</source>
   <translation>読めないメッセージ</translation>
  </message>
  <message>
   <source>Until {time}</source>
   <translation>{time} まで</translation>
  </message>
  <message>
   <source>Use</source>
   <translation>用途</translation>
  </message>
  <message>
   <source>Verse</source>
   <translation>Aメロ</translation>
  </message>
  <message>
   <source>Video encoders</source>
   <translation>映像エンコーダー</translation>
  </message>
  <message>
   <source>View</source>
   <translation>閲覧</translation>
  </message>
  <message>
   <source>WARNING</source>
   <translation>警告</translation>
  </message>
  <message>
   <source>Waiting for “{title}” to report.</source>
   <translation>「{title}」の報告を待っています。</translation>
  </message>
  <message>
   <source>Wash</source>
   <translation>ウォッシュ</translation>
  </message>
  <message>
   <source>Watch it with “encore watch”. End pressed twice stops the show; Ctrl+K finds every command, F9 the shows.</source>
   <translation>「encore watch」で見られます。Endを二度押すと公演が終わります。Ctrl+Kで操作を、F9で公演を探せます。</translation>
  </message>
  <message>
   <source>Wear now</source>
   <translation>今すぐ着替え</translation>
  </message>
  <message>
   <source>Welcome</source>
   <translation>ようこそ</translation>
  </message>
  <message>
   <source>What licences and files say; the show is declared {use}</source>
   <translation>ライセンスとファイルの内容、この公演の申告: {use}</translation>
  </message>
  <message>
   <source>Who performs, and for whose profit?</source>
   <translation>誰が演じ、誰の利益になりますか</translation>
  </message>
  <message>
   <source>Who sits at this desk</source>
   <translation>このデスクのオペレーター</translation>
  </message>
  <message>
   <source>Write the show's document to its file</source>
   <translation>公演の文書をファイルに書きます</translation>
  </message>
  <message>
   <source>You are on air</source>
   <translation>放送中です</translation>
  </message>
  <message>
   <source>alarm cleared</source>
   <translation>警報解消</translation>
  </message>
  <message>
   <source>alarm raised</source>
   <translation>警報発生</translation>
  </message>
  <message>
   <source>all seen</source>
   <translation>すべて認識</translation>
  </message>
  <message>
   <source>allowed</source>
   <translation>許可</translation>
  </message>
  <message>
   <source>allowed for this show</source>
   <translation>この公演で許可</translation>
  </message>
  <message>
   <source>allowed, ends soon</source>
   <translation>許可、まもなく期限</translation>
  </message>
  <message>
   <source>any firm, also a small one</source>
   <translation>小さな会社も含む</translation>
  </message>
  <message>
   <source>are in the program while camera {numbers} is</source>
   <translation>カメラ {numbers} がオンエアの間、プログラムに映ります</translation>
  </message>
  <message>
   <source>are seen by the crew alone</source>
   <translation>スタッフだけが見ます</translation>
  </message>
  <message>
   <source>as {avatar}</source>
   <translation>{avatar}役</translation>
  </message>
  <message>
   <source>being drawn…</source>
   <translation>描画中…</translation>
  </message>
  <message>
   <source>body</source>
   <translation>体</translation>
  </message>
  <message>
   <source>by a company</source>
   <translation>会社の使用</translation>
  </message>
  <message>
   <source>calibrated</source>
   <translation>調整済み</translation>
  </message>
  <message>
   <source>calls cues, cameras, songs and outputs</source>
   <translation>キュー、カメラ、曲、出力を操作します</translation>
  </message>
  <message>
   <source>camera</source>
   <translation>カメラ</translation>
  </message>
  <message>
   <source>camera {number}</source>
   <translation>カメラ{number}</translation>
  </message>
  <message>
   <source>camera:1, rtsp://…</source>
   <translation>camera:1, rtsp://…</translation>
  </message>
  <message>
   <source>cameras</source>
   <translation>カメラ</translation>
  </message>
  <message>
   <source>cannot be loaded</source>
   <translation>読み込めません</translation>
  </message>
  <message>
   <source>capture</source>
   <translation>キャプチャ</translation>
  </message>
  <message>
   <source>changes the show's document as well</source>
   <translation>文書も変更します</translation>
  </message>
  <message>
   <source>checking…</source>
   <translation>確認中…</translation>
  </message>
  <message>
   <source>cleared by itself</source>
   <translation>自然に解消</translation>
  </message>
  <message>
   <source>close-up</source>
   <translation>クローズアップ</translation>
  </message>
  <message>
   <source>collect</source>
   <translation>収集</translation>
  </message>
  <message>
   <source>command</source>
   <translation>操作</translation>
  </message>
  <message>
   <source>control</source>
   <translation>進行</translation>
  </message>
  <message>
   <source>decides on licences, and who may do what</source>
   <translation>ライセンスと権限を決めます</translation>
  </message>
  <message>
   <source>denied</source>
   <translation>拒否</translation>
  </message>
  <message>
   <source>desk</source>
   <translation>デスク</translation>
  </message>
  <message>
   <source>director</source>
   <translation>演出</translation>
  </message>
  <message>
   <source>disk</source>
   <translation>ディスク</translation>
  </message>
  <message>
   <source>draw</source>
   <translation>描画</translation>
  </message>
  <message>
   <source>edit</source>
   <translation>編集</translation>
  </message>
  <message>
   <source>encode</source>
   <translation>エンコード</translation>
  </message>
  <message>
   <source>ended</source>
   <translation>終了</translation>
  </message>
  <message>
   <source>every idol is allowed</source>
   <translation>すべてのアイドルが許可</translation>
  </message>
  <message>
   <source>everywhere</source>
   <translation>すべての地域</translation>
  </message>
  <message>
   <source>face</source>
   <translation>顔</translation>
  </message>
  <message>
   <source>faces</source>
   <translation>顔</translation>
  </message>
  <message>
   <source>failed</source>
   <translation>失敗</translation>
  </message>
  <message>
   <source>fault</source>
   <translation>障害</translation>
  </message>
  <message>
   <source>file without faults</source>
   <translation>ファイルに問題なし</translation>
  </message>
  <message>
   <source>frame rate</source>
   <translation>フレームレート</translation>
  </message>
  <message>
   <source>frozen</source>
   <translation>静止</translation>
  </message>
  <message>
   <source>go</source>
   <translation>配信可</translation>
  </message>
  <message>
   <source>gone</source>
   <translation>なくなりました</translation>
  </message>
  <message>
   <source>good</source>
   <translation>良好</translation>
  </message>
  <message>
   <source>hands</source>
   <translation>手</translation>
  </message>
  <message>
   <source>head</source>
   <translation>頭</translation>
  </message>
  <message>
   <source>heard</source>
   <translation>受信</translation>
  </message>
  <message>
   <source>held</source>
   <translation>保持</translation>
  </message>
  <message>
   <source>idle</source>
   <translation>休め</translation>
  </message>
  <message>
   <source>in all</source>
   <translation>合計</translation>
  </message>
  <message>
   <source>interrupted</source>
   <translation>中断</translation>
  </message>
  <message>
   <source>joined</source>
   <translation>接続済み</translation>
  </message>
  <message>
   <source>kbit/s</source>
   <translation>kbit/s</translation>
  </message>
  <message>
   <source>last 10 min, up to {rate} kbit/s</source>
   <translation>直近10分、最大{rate} kbit/s</translation>
  </message>
  <message>
   <source>levelled {db} dB</source>
   <translation>音量補正{db} dB</translation>
  </message>
  <message>
   <source>limiter {db} dB</source>
   <translation>リミッター{db} dB</translation>
  </message>
  <message>
   <source>live</source>
   <translation>ライブ</translation>
  </message>
  <message>
   <source>looks at the show</source>
   <translation>公演を見ます</translation>
  </message>
  <message>
   <source>lost</source>
   <translation>消失</translation>
  </message>
  <message>
   <source>may do all</source>
   <translation>すべて可</translation>
  </message>
  <message>
   <source>mirrored</source>
   <translation>ミラー</translation>
  </message>
  <message>
   <source>missing</source>
   <translation>不足</translation>
  </message>
  <message>
   <source>motion</source>
   <translation>動き</translation>
  </message>
  <message>
   <source>muted</source>
   <translation>消音</translation>
  </message>
  <message>
   <source>needs a permission</source>
   <translation>許可が必要</translation>
  </message>
  <message>
   <source>network</source>
   <translation>回線</translation>
  </message>
  <message>
   <source>next: {line}</source>
   <translation>次: {line}</translation>
  </message>
  <message>
   <source>no camera</source>
   <translation>カメラなし</translation>
  </message>
  <message>
   <source>no picture comes</source>
   <translation>映像なし</translation>
  </message>
  <message>
   <source>no source</source>
   <translation>送信元なし</translation>
  </message>
  <message>
   <source>no sponsor, no sale</source>
   <translation>協賛も販売もなし</translation>
  </message>
  <message>
   <source>no warning</source>
   <translation>警告なし</translation>
  </message>
  <message>
   <source>no-go: {count}</source>
   <translation>配信不可: {count}</translation>
  </message>
  <message>
   <source>nobody seen</source>
   <translation>誰も見えない</translation>
  </message>
  <message>
   <source>none open</source>
   <translation>警報なし</translation>
  </message>
  <message>
   <source>none planned</source>
   <translation>予定なし</translation>
  </message>
  <message>
   <source>not calibrated</source>
   <translation>未調整</translation>
  </message>
  <message>
   <source>not here</source>
   <translation>いない</translation>
  </message>
  <message>
   <source>not judged</source>
   <translation>判定なし</translation>
  </message>
  <message>
   <source>note</source>
   <translation>参考</translation>
  </message>
  <message>
   <source>off</source>
   <translation>オフ</translation>
  </message>
  <message>
   <source>on</source>
   <translation>オン</translation>
  </message>
  <message>
   <source>open</source>
   <translation>未確認</translation>
  </message>
  <message>
   <source>opening</source>
   <translation>開いています</translation>
  </message>
  <message>
   <source>outputs</source>
   <translation>出力</translation>
  </message>
  <message>
   <source>over {time}</source>
   <translation>{time} 超過</translation>
  </message>
  <message>
   <source>performed by {who}</source>
   <translation>演者: {who}</translation>
  </message>
  <message>
   <source>personal, for profit</source>
   <translation>個人、営利</translation>
  </message>
  <message>
   <source>personal, not for profit</source>
   <translation>個人、非営利</translation>
  </message>
  <message>
   <source>phone</source>
   <translation>スマホ</translation>
  </message>
  <message>
   <source>planned</source>
   <translation>予定</translation>
  </message>
  <message>
   <source>pose</source>
   <translation>ポーズ</translation>
  </message>
  <message>
   <source>read back</source>
   <translation>読み出し</translation>
  </message>
  <message>
   <source>ready</source>
   <translation>準備完了</translation>
  </message>
  <message>
   <source>reconnecting</source>
   <translation>再接続中</translation>
  </message>
  <message>
   <source>refused</source>
   <translation>拒否</translation>
  </message>
  <message>
   <source>refused with some performers</source>
   <translation>一部の演者は拒否</translation>
  </message>
  <message>
   <source>refused: {count}</source>
   <translation>拒否: {count}</translation>
  </message>
  <message>
   <source>render</source>
   <translation>描画</translation>
  </message>
  <message>
   <source>render {render}, encode {encode}, network {network}</source>
   <translation>描画{render}、符号化{encode}、回線{network}</translation>
  </message>
  <message>
   <source>retrying</source>
   <translation>再試行中</translation>
  </message>
  <message>
   <source>rights</source>
   <translation>権利</translation>
  </message>
  <message>
   <source>running</source>
   <translation>送出中</translation>
  </message>
  <message>
   <source>runs</source>
   <translation>実行中</translation>
  </message>
  <message>
   <source>seeing</source>
   <translation>認識中</translation>
  </message>
  <message>
   <source>seen</source>
   <translation>認識</translation>
  </message>
  <message>
   <source>send</source>
   <translation>送信</translation>
  </message>
  <message>
   <source>silent</source>
   <translation>無音</translation>
  </message>
  <message>
   <source>silent {seconds} s</source>
   <translation>{seconds}秒無信号</translation>
  </message>
  <message>
   <source>solve</source>
   <translation>動作計算</translation>
  </message>
  <message>
   <source>song lowered {db} dB</source>
   <translation>曲を{db} dB下げ</translation>
  </message>
  <message>
   <source>sound</source>
   <translation>音声</translation>
  </message>
  <message>
   <source>springs</source>
   <translation>揺れ</translation>
  </message>
  <message>
   <source>stalled</source>
   <translation>停滞</translation>
  </message>
  <message>
   <source>starts when the show goes live</source>
   <translation>放送開始時に開きます</translation>
  </message>
  <message>
   <source>state</source>
   <translation>状態</translation>
  </message>
  <message>
   <source>suit</source>
   <translation>スーツ</translation>
  </message>
  <message>
   <source>switched off by {who}</source>
   <translation>{who}が無効化</translation>
  </message>
  <message>
   <source>take</source>
   <translation>テイク</translation>
  </message>
  <message>
   <source>taken</source>
   <translation>使用中</translation>
  </message>
  <message>
   <source>the house's own label</source>
   <translation>標準の表示</translation>
  </message>
  <message>
   <source>this desk</source>
   <translation>このデスク</translation>
  </message>
  <message>
   <source>this performer</source>
   <translation>この演者</translation>
  </message>
  <message>
   <source>tickets, gifts, advertising</source>
   <translation>チケット、投げ銭、広告</translation>
  </message>
  <message>
   <source>to learn from</source>
   <translation>学習用</translation>
  </message>
  <message>
   <source>view</source>
   <translation>閲覧</translation>
  </message>
  <message>
   <source>voice</source>
   <translation>声</translation>
  </message>
  <message>
   <source>waiting</source>
   <translation>待機</translation>
  </message>
  <message>
   <source>weak</source>
   <translation>弱い</translation>
  </message>
  <message>
   <source>without end</source>
   <translation>無期限</translation>
  </message>
  <message>
   <source>worst first; click one to acknowledge it</source>
   <translation>重い順、クリックで確認</translation>
  </message>
  <message>
   <source>{count} HELD</source>
   <translation>{count}か所停止</translation>
  </message>
  <message>
   <source>{count} above 0</source>
   <translation>{count}ch点灯</translation>
  </message>
  <message>
   <source>{count} by hand</source>
   <translation>手動{count}</translation>
  </message>
  <message>
   <source>{count} faults in the file</source>
   <translation>ファイルの問題{count}件</translation>
  </message>
  <message>
   <source>{count} notes on the file</source>
   <translation>ファイルの注意{count}件</translation>
  </message>
  <message>
   <source>{count} of {all} calibrated</source>
   <translation>{all}人中{count}人校正済み</translation>
  </message>
  <message>
   <source>{count} open</source>
   <translation>未確認{count}</translation>
  </message>
  <message>
   <source>{count} planned</source>
   <translation>予定{count}件</translation>
  </message>
  <message>
   <source>{days} days left</source>
   <translation>残り{days}日</translation>
  </message>
  <message>
   <source>{file} is no file.</source>
   <translation>{file}はファイルではありません。</translation>
  </message>
  <message>
   <source>{file} is no folder and no avatar (.vrm).</source>
   <translation>{file}はフォルダーでもアバター(.vrm)でもありません。</translation>
  </message>
  <message>
   <source>{file} is ready: edit it, check it, rehearse it.</source>
   <translation>{file}の準備ができました。編集、点検、リハーサルをどうぞ。</translation>
  </message>
  <message>
   <source>{limbs} lost</source>
   <translation>{limbs}消失</translation>
  </message>
  <message>
   <source>{limbs} weak</source>
   <translation>{limbs}弱い</translation>
  </message>
  <message>
   <source>{limb} HELD</source>
   <translation>{limb}停止</translation>
  </message>
  <message>
   <source>{loudness} LUFS now, {whole} whole show, true peak {peak} dB</source>
   <translation>現在{loudness} LUFS、全体{whole}、トゥルーピーク{peak} dB</translation>
  </message>
  <message>
   <source>{name} and {count} more</source>
   <translation>{name}ほか{count}</translation>
  </message>
  <message>
   <source>{name} cannot be loaded: {fault}</source>
   <translation>{name}を読み込めません: {fault}</translation>
  </message>
  <message>
   <source>{name} has been opened already.</source>
   <translation>{name}はすでに開いています。</translation>
  </message>
  <message>
   <source>{name} is not open.</source>
   <translation>{name}は開いていません。</translation>
  </message>
  <message>
   <source>{name} is not running</source>
   <translation>{name}は動いていません</translation>
  </message>
  <message>
   <source>{name} may not be shown with {who}: {why}</source>
   <translation>{name}は{who}とは出せません: {why}</translation>
  </message>
  <message>
   <source>{running} of {count} running</source>
   <translation>{count}件中{running}件送出中</translation>
  </message>
  <message>
   <source>{source}: all</source>
   <translation>{source}: すべて</translation>
  </message>
  <message>
   <source>{source}: nothing</source>
   <translation>{source}: なし</translation>
  </message>
  <message>
   <source>{stage}: half of the frames take up to {p50} ms, 95 % {p95} ms, 99 % {p99} ms</source>
   <translation>{stage}: フレームの半分は {p50} ms、95 % は {p95} ms、99 % は {p99} ms 以内</translation>
  </message>
  <message>
   <source>{step} of {steps}</source>
   <translation>{steps}中{step}</translation>
  </message>
  <message>
   <source>{take} plays.</source>
   <translation>{take}を再生中。</translation>
  </message>
  <message>
   <source>{time} left</source>
   <translation>残り{time}</translation>
  </message>
  <message>
   <source>{title} can have no controller.</source>
   <translation>{title} にはコントローラーを割り当てられません。</translation>
  </message>
 </context>
</TS>
